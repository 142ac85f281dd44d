package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `hodei run`: the job's own output and exit code, and a worker that is gone afterwards.
@ResourceLock(Shared.WHOLE)
class RunST {
  private final Installation hodei = Shared.installation();

  // proves: contract:cli-run, promise:6
  @Test
  void aHundredMegabytesComeThroughByteForByteOnBothStreams() throws IOException {
    Path file = hodei.work().resolve("binary");
    byte[] bytes = new byte[100 * 1024 * 1024];
    new Random(7).nextBytes(bytes);
    Files.write(file, bytes);
    Ran out = hodei.cli("run", "--", "cat", file.toString()).exits(0);
    assertArrayEquals(bytes, out.stdout(), "stdout");
    assertEquals("", out.err(), "Hodei writes nothing of its own when stderr is no terminal");
    Ran err = hodei.cli("run", "--", "sh", "-c", "cat " + file + " >&2").exits(0);
    assertArrayEquals(bytes, err.stderr(), "stderr");
    System.out.println("100 MB stdout in " + out.took().toMillis() + " ms, stderr in " + err.took().toMillis() + " ms");
  }

  // proves: contract:cli-run, promise:6
  @Test
  void aHundredThousandLinesComeInOrder() {
    Ran ran = hodei.cli("run", "--", "seq", "1", "100000").exits(0);
    List<String> lines = ran.out().lines().toList();
    assertEquals(100_000, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(Integer.toString(i + 1), lines.get(i));
    }
  }

  // proves: contract:exit-codes
  @Test
  void theExitCodeIsTheJobs() {
    hodei.cli("run", "--", "true").exits(0);
    hodei.cli("run", "--", "sh", "-c", "echo hello; exit 3").exits(3);
    hodei.cli("run", "--timeout", "1s", "--", "sleep", "60").exits(124);
    hodei.cli("run", "--", "no-such-command-here").exits(127);
    hodei.cli("run", "--", "sh", "-c", "kill -9 $$").exits(128 + 9);
    hodei.cli("run", "--no-such-option", "--", "true").exits(2);
  }

  // proves: contract:exit-codes, promise:4
  @Test
  void anInterruptedRunCancelsItsJobAndExits130() throws Exception {
    String mark = "31536" + (100 + new Random().nextInt(900));
    Process run = hodei.cliStart("run", "--", "sleep", mark);
    Await.whenTrue("the job to run", Duration.ofSeconds(20), () -> !ProcessTable.named("sleep " + mark).stream()
        .filter(process -> process.commandLine().equals("sleep " + mark)).toList().isEmpty());
    ProcessTable.signal("TERM", run.pid());
    assertTrue(run.waitFor(20, java.util.concurrent.TimeUnit.SECONDS));
    assertEquals(130, run.exitValue());
    assertEquals(List.of(), ProcessTable.named("sleep " + mark).stream().filter(process -> process.commandLine().equals("sleep " + mark)).toList());
  }

  // proves: contract:cli-run
  @Test
  void anUnfinishedLineIsSeenWithin200Milliseconds() throws Exception {
    Process run = hodei.cliStart("run", "--", "sh", "-c", "sleep 1; printf 'no newline'; date +%s%3N > " + hodei.work() + "/printed; sleep 3");
    byte[] seen = run.getInputStream().readNBytes("no newline".length());
    long at = System.currentTimeMillis();
    assertEquals("no newline", new String(seen));
    long printed = Long.parseLong(Files.readString(hodei.work().resolve("printed")).trim());
    System.out.println("unfinished line seen after " + (at - printed) + " ms");
    assertTrue(at - printed < 5 * 200, "seen after " + (at - printed) + " ms");
    assertTrue(run.waitFor(20, java.util.concurrent.TimeUnit.SECONDS));
  }

  // proves: contract:job-environment
  @Test
  void aJobSeesItsOwnEnvironmentAndNothingElseOfTheServices() {
    List<String> names = new ArrayList<>(hodei.cli("run", "--env", "MINE=1", "--", "env").exits(0).out().lines()
        .map(line -> line.substring(0, line.indexOf('='))).sorted().toList());
    names.removeAll(List.of("PWD", "SHLVL", "_", "LANG"));
    assertEquals(List.of("HODEI_ATTEMPT", "HODEI_INSTALLATION_ID", "HODEI_JOB_ID", "HODEI_WORKER_ID", "HOME", "MINE", "PATH", "TMPDIR"), names);
  }

  // proves: contract:cli-run
  @Test
  void aJobRunsInTheCallersDirectory() {
    assertEquals(hodei.work().toString(), hodei.cli("run", "--", "pwd").exits(0).out().trim());
  }

  // proves: contract:refuse-by-name
  @Test
  void whatIsNotBuiltIsRefusedByName() {
    Ran image = hodei.cli("run", "--image", "python:3.13", "--", "true");
    assertTrue(image.exit() != 0 && image.err().contains("image"), image.err());
    Ran secret = hodei.cli("run", "--secret", "TOKEN", "--", "true");
    assertTrue(secret.exit() != 0 && secret.err().contains("secret"), secret.err());
  }

  /// By the CPU time that an answer costs, since other tests run beside this one; how long it takes, LatencyBench says.
  // proves: contract:cli-speed
  @Test
  void theCommandLineAnswersAtOnce() {
    List<String> command = List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$0\" jobs list --data \"$1\"", Shell.checkout().resolve("hodei").toString(),
        hodei.data().toString());
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String[] spent = Shell.run(Map.of("HODEI_URL", hodei.url("api")), hodei.work(), command).exits(0).err().lines().toList().getLast().split(" ");
      seconds.add(Double.parseDouble(spent[0]) + Double.parseDouble(spent[1]));
    }
    System.out.println("hodei jobs list, six times, CPU seconds: " + seconds);
    seconds.removeFirst();
    seconds.sort(null);
    assertTrue(seconds.get(2) < 3 * 0.3, "median " + seconds.get(2) + " s");
  }
}
