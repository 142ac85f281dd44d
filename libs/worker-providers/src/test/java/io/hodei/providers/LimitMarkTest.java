package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitMarkTest {
  private static final LimitMark MINE = new LimitMark(1234567890123L);

  private static boolean in(String limits) {
    byte[] bytes = limits.getBytes(StandardCharsets.US_ASCII);
    return MINE.in(bytes, bytes.length);
  }

  private static String limits(String locks) {
    return "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max address space         1234567890123        unlimited            bytes     \n"
        + "Max file locks            " + locks + "       unlimited            locks     \n";
  }

  @Test
  void onlyTheWholeNumberInTheRightLineCounts() {
    assertTrue(in(limits("1234567890123")));
    assertFalse(in(limits("unlimited")));
    assertFalse(in(limits("12345678901234")));
    assertFalse(in(limits("123456789012")));
    assertFalse(in(""));
    assertFalse(MINE.in(new byte[0], -1), "a process that is gone");
  }

  @Test
  void theCommandKeepsItsArguments() {
    assertEquals(List.of("prlimit", "--locks=1234567890123:", "setsid", "a b"), MINE.on(List.of("setsid", "a b")));
  }

  @Test
  void clearingTheEnvironmentAndTheSessionDoesNotClearIt() throws Exception {
    Process escaped = new ProcessBuilder(MINE.on(List.of("env", "-i", "setsid", "sh", "-c", "cat /proc/self/limits; exit 0"))).start();
    byte[] said = escaped.getInputStream().readAllBytes();
    assertTrue(MINE.in(said, said.length), new String(said, StandardCharsets.US_ASCII));
  }

  @Test
  void everyJvmDrawsItsOwn() {
    assertFalse(LimitMark.drawn().equals(LimitMark.drawn()));
  }
}
