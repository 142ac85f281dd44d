package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.domain.JobSpec;
import io.hodei.kit.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
  private final PoolView pools = new PoolView(Given.codec());

  RequestParserTest() {
    pools.applied(Given.pool("default", 4));
  }

  @Test
  void headersFillInWhatTheBodyLeavesOut() {
    JobSpec spec = parse("key", "ana", "{\"command\":[\"true\"]}").getFirst();

    assertEquals("key", spec.idempotencyKey());
    assertEquals("ana", spec.actor());
    assertEquals("corr", spec.correlationId());
    assertTrue(spec.id().matches("[0-9a-f-]{36}"), spec.id());
  }

  @Test
  void theBodyWins() {
    JobSpec spec = parse(null, "ana", "{\"id\":\"x\",\"command\":[\"true\"],\"actor\":\"bo\",\"correlationId\":\"mine\",\"idempotencyKey\":\"own\"}").getFirst();

    assertEquals(List.of("x", "bo", "mine", "own"), List.of(spec.id(), spec.actor(), spec.correlationId(), spec.idempotencyKey()));
    assertEquals("anonymous", parse(null, null, "{\"command\":[\"true\"]}").getFirst().actor());
  }

  @Test
  void theItemsOfAnArrayGetTheirOwnKeys() {
    assertEquals(List.of("k/0", "k/1"),
        parse("k", null, "[{\"command\":[\"a\"]},{\"command\":[\"b\"]}]").stream().map(JobSpec::idempotencyKey).toList());
  }

  @Test
  void everyErrorOfEveryItemIsNamed() {
    Problem problem = refusal(null, "[{\"command\":[\"a\"]},{\"comand\":[\"a\"]},7,{\"command\":[\"a\"],\"pool\":\"nowhere\",\"priority\":\"high\"}]");

    assertEquals(422, problem.status());
    assertEquals(List.of("1 missing command", "1 unknown-field comand", "2 wrong-type ", "3 unknown-pool pool", "3 wrong-type priority"),
        errors(problem));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"[1] | , in item 0: | the number 1.", "[null] | , in item 0: | null.",
      "[{\"command\":[\"a\"]},[]] | , in item 1: | an array.", "[true] | , in item 0: | true.", "\"x\" | : | the text \"x\".", "7.5 | : | the number 7.5.",
      "false | : | false."})
  void whatIsNoObjectIsToldWhereAndWhatItIs(String body, String where, String found) {
    Problem problem = refusal(null, body);
    assertEquals(422, problem.status());
    assertEquals("Expected valid requests, but found 1 error; the first" + where + " Expected a job request, which is a JSON object, but found " + found,
        problem.detail());
  }

  @Test
  void theFirstErrorIsToldWithItsPlace() {
    assertTrue(refusal(null, "[{\"command\":[\"a\"]},{\"command\":[\"a\"],\"pool\":\"nowhere\"}]").detail()
        .contains("the first, in item 1, in pool: Expected a known pool"));
    assertTrue(refusal(null, "{\"command\":[\"a\"],\"pool\":\"nowhere\"}").detail().contains("the first, in pool: Expected a known pool"));
    assertTrue(refusal(null, "\"" + "x".repeat(1000) + "\"").detail().length() < 250);
    assertEquals("Expected a JSON object or array, but found null.", refusal(null, "null").detail());
  }

  @Test
  void aSingleJobsErrorsHaveNoIndex() {
    Problem problem = refusal(null, "{\"command\":[\"a\"],\"timeout\":\"25h\",\"retryOf\":\"x\"}");

    assertEquals(List.of("null out-of-range timeout", "null unknown-field retryOf"), errors(problem));
  }

  @Test
  void refusesTheSameIdOrKeyTwiceInOneArray() {
    assertEquals(List.of("1 conflict id"), errors(refusal(null, "[{\"id\":\"a\",\"command\":[\"a\"]},{\"id\":\"a\",\"command\":[\"a\"]}]")));
    assertEquals(List.of("1 conflict idempotencyKey"),
        errors(refusal(null, "[{\"idempotencyKey\":\"a\",\"command\":[\"a\"]},{\"idempotencyKey\":\"a\",\"command\":[\"a\"]}]")));
  }

  @Test
  void refusesAKeyBesideADifferentHeader() {
    assertEquals(List.of("null conflict idempotencyKey"), errors(refusal("h", "{\"command\":[\"a\"],\"idempotencyKey\":\"b\"}")));
    assertEquals("b", parse("b", null, "{\"command\":[\"a\"],\"idempotencyKey\":\"b\"}").getFirst().idempotencyKey());
  }

  @Test
  void limitsTheNumberAndTheSizeOfJobs() {
    assertEquals(422, refusal(null, "[]").status());
    assertEquals(413, refusalOf(null, Collections.nCopies(1001, Map.of("command", List.of("a")))).status());
    String large = "x".repeat(RequestParser.MAX_JOB_BYTES);
    Problem problem = refusalOf(null, List.of(Map.of("script", "a"), Map.of("script", large)));
    assertEquals(413, problem.status());
    assertTrue(problem.detail().contains("256 KiB") && problem.detail().contains("number 1"), problem.detail());
  }

  @Test
  void refusesBodiesThatAreNotJsonNamingThePlace() throws Exception {
    Problem problem = QueryTest.refusal(() -> RequestBody.parse("{\n \"command\": [\"a\",]\n}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(400, problem.status());
    assertTrue(problem.detail().contains("line 2, column"), problem.detail());
    for (String body : List.of("", "{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}", "[".repeat(100) + "]".repeat(100), "{'a':1}")) {
      assertEquals(400, QueryTest.refusal(() -> RequestBody.parse(body.getBytes(StandardCharsets.UTF_8))).status(), body);
    }
    assertEquals(400, QueryTest.refusal(() -> RequestBody.parse(new byte[] {'"', (byte) 0xC3, '"'})).status());
  }

  @Test
  void refusesUnusableHeaders() {
    for (String key : List.of("", " ", "a\u0001", "é", "k".repeat(251))) {
      assertEquals(400, refusal(key, "{\"command\":[\"a\"]}").status(), key);
    }
  }

  private Problem refusal(String key, String body) {
    return QueryTest.refusal(() -> parse(key, null, body));
  }

  private Problem refusalOf(String key, Object body) {
    return QueryTest.refusal(() -> new RequestParser(pools::limits, new RequestParser.Headers(key, null, "corr")).parse(body));
  }

  private List<JobSpec> parse(String key, String actor, String body) {
    try {
      return new RequestParser(pools::limits, new RequestParser.Headers(key, actor, "corr"))
          .parse(RequestBody.parse(body.getBytes(StandardCharsets.UTF_8)));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> errors(Problem problem) {
    return ((List<Map<String, Object>>) problem.more().get("errors")).stream()
        .map(error -> error.get("index") + " " + error.get("code") + " " + error.get("field")).sorted().toList();
  }
}
