package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals to a real `hodei run`.
class InterruptionIT {
  @TempDir
  Path home;

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private StandIn server;

  @BeforeEach
  void start() throws IOException {
    server = new StandIn();
    server.line("stdout", "started");
    server.job.put("state", "RUNNING");
    server.on("POST /v1/jobs/" + StandIn.ID + "/cancel", asked -> {
      cancelled.countDown();
      return new StandIn.Reply(202, server.job.toString());
    });
    server.beforeEnd = () -> {
      try {
        ended.await();
        server.job.put("state", "CANCELLED");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.close();
  }

  private Process run() throws IOException {
    // Who started these tests in the background may have had Ctrl-C ignored, which children inherit.
    ProcessBuilder builder = new ProcessBuilder("env", "--default-signal", Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), "-Duser.home=" + home, "io.hodei.cli.Main", "run", "--", "sleep", "1000").redirectInput(ProcessBuilder.Redirect.PIPE);
    builder.environment().put("HODEI_URL", server.url());
    Process run = builder.start();
    assertEquals("started\n", new String(run.getInputStream().readNBytes(8), StandardCharsets.UTF_8));
    return run;
  }

  private static void signal(String name, Process process) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalCancelsTheJobAndWaitsForItsEnd(String name) throws IOException, InterruptedException {
    Process run = run();
    signal(name, run);
    assertTrue(cancelled.await(20, TimeUnit.SECONDS), "cancel was asked for");
    assertTrue(run.isAlive(), "it waits until the job is CANCELLED");
    ended.countDown();
    assertTrue(run.waitFor(20, TimeUnit.SECONDS));
    assertEquals(130, run.exitValue());
    assertEquals("", new String(run.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void aSecondCtrlCLeavesAtOnce() throws IOException, InterruptedException {
    Process run = run();
    signal("INT", run);
    assertTrue(cancelled.await(20, TimeUnit.SECONDS));
    signal("INT", run);
    assertTrue(run.waitFor(10, TimeUnit.SECONDS), "although the job has not ended");
    assertEquals(130, run.exitValue());
  }
}
