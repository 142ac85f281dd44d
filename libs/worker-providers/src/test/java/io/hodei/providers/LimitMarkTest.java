package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitMarkTest {
  private static final WorkerMark WORKER = new WorkerMark("i1", "w1");
  private static final LimitMark MARK = LimitMark.of(WORKER);

  private static LimitMark in(String limits) {
    byte[] bytes = limits.getBytes(StandardCharsets.US_ASCII);
    return LimitMark.in(bytes, bytes.length);
  }

  private static String limits(String locks) {
    return "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max address space         " + MARK.number() + "  unlimited            bytes     \n"
        + "Max file locks            " + locks + "  unlimited            locks     \n";
  }

  /// Agents of an earlier version must be found by a later one.
  @Test
  void theNumberOfAWorkerNeverChanges() {
    assertEquals(new LimitMark(8948963050325376160L), MARK);
  }

  @Test
  void everyWorkerOfEveryInstallationHasALargeNumberOfItsOwn() {
    Set<LimitMark> marks = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      marks.add(LimitMark.of(new WorkerMark("i1", "w" + i)));
      marks.add(LimitMark.of(new WorkerMark("i2", "w" + i)));
    }
    assertEquals(20_000, marks.size());
    assertTrue(marks.stream().allMatch(mark -> mark.number() >= 1L << 62), "a number that a person might set");
    assertNotEquals(LimitMark.of(new WorkerMark("i", "1w")), LimitMark.of(new WorkerMark("i1", "w")));
  }

  @Test
  void theNumberInTheRightLineIsTheMark() {
    assertEquals(MARK, in(limits(Long.toString(MARK.number()))));
    assertEquals(new LimitMark(Long.MAX_VALUE), in(limits("9223372036854775807")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unlimited", "0", "1024", "922337203685477580", "4611686018427387903", "9223372036854775808", "18446744073709551615"})
  void whatNoWorkerCanHaveIsNoMark(String locks) {
    assertNull(in(limits(locks)));
  }

  @Test
  void aProcessThatIsGoneHasNoMark() {
    assertNull(in(""));
    assertNull(LimitMark.in(new byte[0], -1));
  }

  @Test
  void theCommandKeepsItsArgumentsAndTheHardLimit() {
    assertEquals(List.of("prlimit", "--locks=" + MARK.number() + ":", "setsid", "a b"),
        new LimitMarking("prlimit").on(WORKER, List.of("setsid", "a b")));
  }

  @Test
  void clearingTheEnvironmentAndTheSessionDoesNotClearIt() throws Exception {
    Process escaped = new ProcessBuilder(new LimitMarking("prlimit").on(WORKER,
        List.of("env", "-i", "setsid", "sh", "-c", "(cat /proc/self/limits; exit 0) & wait"))).start();
    byte[] said = escaped.getInputStream().readAllBytes();
    assertEquals(MARK, LimitMark.in(said, said.length), new String(said, StandardCharsets.US_ASCII));
  }

  @Test
  void withoutPrlimitTheCommandStaysAsItIs() {
    LimitMarking missing = new LimitMarking("/nowhere/prlimit");
    assertEquals(List.of("setsid", "a"), missing.on(WORKER, List.of("setsid", "a")));
    assertEquals(List.of("setsid", "b"), missing.on(WORKER, List.of("setsid", "b")));
    assertEquals(List.of("c"), new LimitMarking("true").on(WORKER, List.of("c")), "it runs, and sets no limit");
  }
}
