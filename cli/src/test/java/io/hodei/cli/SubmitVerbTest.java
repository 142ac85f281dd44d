package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `hodei submit` takes every form that the contract names.
class SubmitVerbTest {
  @TempDir
  Path home;

  private StandIn server;

  @BeforeEach
  void start() throws IOException {
    server = new StandIn();
    server.on("POST /v1/jobs", asked -> new StandIn.Reply(202, accepted(asked.body())));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Job-api's answer: the jobs with their names as ids.
  private static String accepted(String body) {
    JsonNode asked = Json.tree(body.getBytes(StandardCharsets.UTF_8), "the test");
    if (asked.isObject()) {
      return "{\"id\":\"" + asked.path("name").asText() + "\"}";
    }
    List<String> items = new ArrayList<>();
    asked.forEach(job -> items.add("{\"id\":\"" + job.path("name").asText() + "\"}"));
    return "{\"items\":[" + String.join(",", items) + "]}";
  }

  private Typed submit(String text, String... more) {
    Typed typed = new Typed(home, server.url());
    typed.in = text;
    List<String> words = new ArrayList<>(List.of("submit", "-"));
    words.addAll(List.of(more));
    return typed.type(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '~', delimiter = '|', value = {
      "{\"name\":\"a\"}|a", "[{\"name\":\"a\"},{\"name\":\"b\"}]|a b", "{\"name\":\"a\"}\\n{\"name\":\"b\"}\\n|a b", "\\n \\n{\"name\":\"a\"}|a",
      "name: a\\ncommand: [echo]|a", "name: a\\n---\\nname: b\\n---\\n|a b", "- name: a\\n- name: b|a b", "---\\nname: a\\n...|a", "# note\\nname: a|a"})
  void everyFormIsRead(String text, String ids) {
    Typed submitted = submit(text.replace("\\n", "\n"));
    assertEquals(ids.replace(' ', '\n') + "\n", submitted.out(), submitted.err());
    assertEquals(1, server.asked.size());
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '~', delimiter = '|', value = {
      "~~|found none", "[]|found none", "{\"name\":|line 1", "{\"a\":1,\"a\":2}|uplicate", "name: a\\nname: b|uplicate", "just words|found string", "[1]|found number",
      "name: [a|YAML in -", "{\"a\":1} x|JSON in -"})
  void whatIsNoJobIsRefusedWithItsPlace(String text, String found) {
    Typed refused = submit(text.replace("\\n", "\n"));
    assertEquals(2, refused.code, refused.out());
    assertTrue(refused.err().startsWith("Error: Expected ") && refused.err().contains(found), refused.err());
    assertEquals(0, server.asked.size());
  }

  @Test
  void moreThanOneCallTakesAreSentInSeveral() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      lines.append("{\"name\":\"j").append(i).append("\"}\n");
    }
    Typed submitted = submit(lines.toString(), "--idempotency-key", "K", "-o", "json");
    assertEquals(0, submitted.code, submitted.err());
    assertEquals(List.of("K", "K-2", "K-3"), server.asked.stream().map(each -> each.header("Idempotency-Key")).toList());
    assertEquals(2500, Json.tree(submitted.out.toByteArray(), "the test").path("items").size());
  }

  @Test
  void aMissingFileIsNamed() {
    Typed typed = new Typed(home, server.url()).type("submit", "nowhere.yaml");
    assertEquals(2, typed.code);
    assertTrue(typed.err().contains(home.resolve("nowhere.yaml").toString()), typed.err());
    assertEquals(2, new Typed(home, server.url()).type("submit", ".").code);
  }

  @Test
  void theEndingOfTheNameDecides() {
    byte[] flow = "{name: a}".getBytes(StandardCharsets.UTF_8);
    assertEquals("a", JobFile.read("job", "x.YAML", flow).getFirst().path("name").asText());
    assertThrows(Failure.class, () -> JobFile.read("job", "x.json", flow));
  }
}
