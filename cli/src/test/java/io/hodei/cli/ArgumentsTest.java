package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reading of the command line, and what is said to a mistyped one.
class ArgumentsTest {
  private static Arguments read(String... words) {
    return Arguments.read(CommandTable.VERBS, List.of(words));
  }

  @Test
  void aValueMayFollowOrBeAttached() {
    assertEquals("json", read("jobs", "-o", "json").text("--output"));
    assertEquals("json", read("jobs", "-ojson").text("--output"));
    assertEquals("json", read("jobs", "-o=json").text("--output"));
    assertEquals("json", read("jobs", "--output=json").text("--output"));
    assertEquals("a=b", read("jobs", "--label=a=b").text("--label"));
    assertEquals("", read("jobs", "--pool=").text("--pool"));
    assertEquals(List.of("a=b", "c=d"), read("jobs", "--label", "a=b", "--label", "c=d").texts("--label"));
  }

  @Test
  void anOptionMayStandBeforeTheVerb() {
    Arguments read = read("jobs", "--data", "d", "get", "x");
    assertEquals("hodei jobs get", read.path());
    assertEquals("d", read.text("--data"));
    assertEquals(List.of("x"), read.operands());
  }

  @Test
  void theCommandOfRunKeepsItsOwnOptions() {
    assertEquals(List.of("ls", "-l", "--pool", "--", "-"), read("run", "--", "ls", "-l", "--pool", "--", "-").operands());
    assertEquals(List.of("ls", "-l", "--help", "--"), read("run", "--pool", "p", "ls", "-l", "--help", "--").operands());
    assertEquals(List.of(), read("run", "--").operands());
    assertEquals(List.of("--weird"), read("run", "--", "--weird").operands());
  }

  @Test
  void aDashAloneIsAnOperand() {
    assertEquals(List.of("-"), read("submit", "-").operands());
    assertEquals(List.of("-x"), read("get", "--", "-x").operands());
  }

  @ParameterizedTest
  @CsvSource({"job, did you mean jobs?", "cancle, did you mean cancel?", "xyzzy, hodei --help", "'', hodei --help"})
  void anUnknownCommandSuggestsTheNearest(String word, String suggestion) {
    Failure failure = assertThrows(Failure.class, () -> read(word));
    assertEquals(2, failure.exitCode());
    assertTrue(failure.getMessage().contains("found \"" + word + "\"") && failure.getMessage().contains(suggestion), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"--poll, did you mean --pool?", "--max-attempt, did you mean --max-attempts?", "--colour-of-the-bikeshed, see hodei run --help", "-x, see hodei run --help"})
  void anUnknownOptionSuggestsTheNearest(String option, String suggestion) {
    Failure failure = assertThrows(Failure.class, () -> read("run", option, "v", "--", "x"));
    assertTrue(failure.getMessage().startsWith("Expected an option of hodei run, but found \"" + option) && failure.getMessage().contains(suggestion), failure.getMessage());
  }

  @Test
  void whatIsMissingOrTooMuchIsNamed() {
    for (String[] words : new String[][] {{"run", "--pool"}, {"run", "--pool", "--", "x"}, {"run", "--pool", "--image", "i", "--", "x"}, {"run", "--pool", "a", "--pool", "b"},
        {"run", "--detach=yes", "--", "x"}, {"get"}, {"get", "a", "b"}, {"jobs", "lst"}, {"jobs", "--image", "x"}, {"workers", "--state", "READY", "drain", "x"}, {"cleanup", "now"}}) {
      Failure failure = assertThrows(Failure.class, () -> read(words), String.join(" ", words));
      assertEquals(2, failure.exitCode());
      assertTrue(failure.getMessage().matches("Expected .*, but found .*; .*see hodei .* --help"), failure.getMessage());
    }
  }

  @Test
  void distanceCountsLetters() {
    assertEquals(0, Nearest.distance("a", "a"));
    assertEquals(3, Nearest.distance("", "abc"));
    assertEquals(1, Nearest.distance("pool", "poll"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
  }
}
