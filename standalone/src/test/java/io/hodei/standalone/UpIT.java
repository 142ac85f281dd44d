package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real commands as processes: one life of an installation, with a murder in it.
@Timeout(300)
class UpIT {
  private static final double READY_WITHIN_SECONDS = 30;
  private static final int HANG_GUARD = 5;

  @TempDir
  private Path temporary = Path.of("set by JUnit");

  private record Outcome(int code, String out, String all) {}

  @AfterEach
  void leaveNothing() throws Exception {
    run("down", "--data", data().toString());
  }

  @Test
  void upIsFoundByASecondUpSurvivesItsMurderAndLeavesNothing() throws Exception {
    long start = System.nanoTime();
    Outcome first = run("up", "--detach", "--data", data().toString());
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(0, first.code(), first.all());
    assertTrue(first.out().endsWith("Hodei is ready\n"), first.out());
    System.out.printf("ready after %.1f s on a new directory (limit %.0f s)%n", seconds, READY_WITHIN_SECONDS);
    assertTrue(seconds < READY_WITHIN_SECONDS * HANG_GUARD, "took " + seconds + " s");

    Outcome second = run("up", "--data", data().toString());
    assertEquals(0, second.code(), second.all());
    assertEquals(first.out(), second.out());

    DataDirectory directory = new DataDirectory(data());
    Pid up = UpFile.read(directory).orElseThrow().pid();
    Pid postgres = RunRecord.living(directory, Component.POSTGRES).orElseThrow().pid();
    ProcessHandle.of(up.pid()).orElseThrow().destroyForcibly();
    assertTrue(up.awaitDeath(Duration.ofSeconds(10)), "still there");
    assertTrue(postgres.alive(), "Postgres is a process of its own");

    Outcome third = run("up", "--detach", "--data", data().toString());
    assertEquals(0, third.code(), third.all());
    assertEquals(first.out(), third.out(), "the ports are kept");

    List<Pid> running = new ArrayList<>();
    Arrays.stream(Component.values()).forEach(each -> RunRecord.living(directory, each).ifPresent(record -> running.add(record.pid())));
    assertEquals(Component.values().length, running.size(), "every part has a record");
    assertEquals(0, run("down", "--purge", "--data", data().toString()).code());
    running.forEach(pid -> assertFalse(pid.alive(), "left: " + pid));
    assertFalse(Files.exists(data()));
  }

  private Path data() {
    return temporary.resolve("data");
  }

  private Outcome run(String... arguments) throws Exception {
    Path out = temporary.resolve("out");
    Path error = temporary.resolve("error");
    List<String> command = new ArrayList<>(List.of(Child.java(), "-Xmx1g", "--enable-native-access=ALL-UNNAMED",
        "-Dhodei.dist=" + Path.of("target/dist").toAbsolutePath(), "-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    int code = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(error.toFile()).start().waitFor();
    String said = Files.readString(out, StandardCharsets.UTF_8);
    return new Outcome(code, said, said + Files.readString(error, StandardCharsets.UTF_8));
  }
}
