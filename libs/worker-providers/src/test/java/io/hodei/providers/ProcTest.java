package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

class ProcTest {
  private static String stat(String head, char state, int threads) {
    return head + " " + state + " 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 " + threads + " 0 12345 0 0\n";
  }

  private static Optional<Proc> parse(String stat) {
    byte[] bytes = stat.getBytes(StandardCharsets.ISO_8859_1);
    return Proc.parse(bytes, bytes.length);
  }

  @Test
  void aNameMayHoldSpacesAndParentheses() {
    assertEquals(Optional.of(new Proc(42, 7, 9, 12345, false, "a) R (b", null, null)), parse(stat("42 (a) R (b)", 'S', 1)));
  }

  @Test
  void stoppedIsSeenAndZombiesAreDead() {
    assertTrue(parse(stat("42 (x)", 'T', 1)).orElseThrow().stopped());
    assertEquals(Optional.empty(), parse(stat("42 (x)", 'Z', 1)));
    assertTrue(parse(stat("42 (x)", 'Z', 3)).isPresent(), "its other threads run on");
  }

  @Test
  void whatIsNoStatLineIsNoProcess() {
    for (String line : List.of("", "x", "42", "42 (", "42 (x)", "42 (x) S 1", "(x) S 1 2 3")) {
      assertEquals(Optional.empty(), parse(line), line);
    }
  }

  @Test
  void aLookReadsMarksAndSurvivesProcessesThatVanish(@TempDir Path proc) throws Exception {
    Files.createDirectories(proc.resolve("42"));
    Files.writeString(proc.resolve("42/stat"), stat("42 (x)", 'S', 1));
    Files.writeString(proc.resolve("42/environ"), "A=" + "b".repeat(200_000) + "\0HODEI_WORKER_ID=w1\0HODEI_INSTALLATION_ID=i1\0");
    Files.createDirectories(proc.resolve("43"));
    Files.createDirectories(proc.resolve("self"));
    assertEquals(List.of(new Proc(42, 7, 9, 12345, false, "x", new WorkerMark("i1", "w1"), null)), new ProcTable(proc).look());
  }

  @Test
  void theLimitIsReadAlsoWhereTheEnvironmentIsNot(@TempDir Path proc) throws Exception {
    LimitMark limit = LimitMark.of(new WorkerMark("i1", "w1"));
    Files.createDirectories(proc.resolve("42"));
    Files.writeString(proc.resolve("42/stat"), stat("42 (x)", 'S', 1));
    Files.writeString(proc.resolve("42/limits"), "Limit\nMax file locks   " + limit.number() + "   unlimited   locks\n");
    Proc seen = new ProcTable(proc).look().getFirst();
    assertEquals(new Proc(42, 7, 9, 12345, false, "x", null, limit), seen);
    assertTrue(seen.carries(new WorkerMark("i1", "w1"), limit));
  }

  private static void process(Path proc, int pid, int parent, String environ, String pids) throws Exception {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(folder.resolve("stat"), pid + " (x) S " + parent + " 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0\n");
    Files.writeString(folder.resolve("status"), "Name:\tx\nNSpid:\t" + pids + "\nNSpgid:\t1\n");
    if (!environ.isEmpty()) {
      Files.writeString(folder.resolve("environ"), environ);
    }
  }

  private static @Nullable WorkerMark markOf(List<Proc> processes, int pid) {
    return processes.stream().filter(process -> process.pid() == pid).findFirst().orElseThrow().mark();
  }

  @Test
  void whatDescendsFromAnAgentInAContainerIsNoWorkerOfThisHost(@TempDir Path proc) throws Exception {
    String marks = "HODEI_WORKER_ID=w1\0HODEI_INSTALLATION_ID=i1\0";
    process(proc, 10, 1, marks, "10");
    process(proc, 11, 10, marks, "11 1");
    process(proc, 12, 11, marks, "12 2");
    process(proc, 20, 1, marks + "HODEI_PROVIDER=docker\0", "20 1");
    process(proc, 21, 20, marks, "21 2");
    process(proc, 30, 1, "", "30 1");
    process(proc, 31, 30, "", "31 2");
    process(proc, 32, 31, marks, "32 3");
    process(proc, 40, 1, marks + "HODEI_PROVIDER=kubernetes\0", "40");
    process(proc, 41, 40, marks, "41");

    List<Proc> seen = new ProcTable(proc).look();

    for (int pid : new int[] {10, 11, 12}) {
      assertEquals(new WorkerMark("i1", "w1"), markOf(seen, pid), "a namespace that a job has made: " + pid);
    }
    for (int pid : new int[] {20, 21, 32, 40, 41}) {
      assertEquals(WorkerMark.IN_A_CONTAINER, markOf(seen, pid), "in a container: " + pid);
    }
  }
}
