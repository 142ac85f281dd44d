package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private final JsonNode document = parsed();

  @Test
  void documentsEveryRouteAndNoOther() {
    Set<String> documented = new TreeSet<>();
    document.get("paths").properties().forEach(path ->
        path.getValue().fieldNames().forEachRemaining(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> routed = new TreeSet<>();
    Arrays.stream(Route.values()).forEach(route -> routed.add(route.method().text() + " " + route.path()));

    assertEquals(routed, documented);
  }

  @Test
  void documentsTheQueryParametersThatAreTaken() {
    assertEquals(Set.of(JobFilter.PARAMETERS), queryOf("/v1/jobs"));
    assertEquals(Set.of(LogQuery.PARAMETERS), queryOf("/v1/jobs/{id}/logs"));
    assertEquals(Set.of(WorkerFilter.PARAMETERS), queryOf("/v1/workers"));
    assertEquals(Set.of(LetterCalls.PARAMETERS), queryOf("/v1/dead-letters"));
  }

  @Test
  void documentsTheFieldsThatAreAnswered() {
    assertFields("Job", JobJson.of(Given.job("a", "PENDING").build()).keySet());
    assertFields("Worker", WorkerView.json(Given.worker("w", "BUSY").build()).keySet());
    assertFields("Pool", PoolCalls.shown(Given.pool("p", 1), new ProviderView()).keySet());
    assertFields("DeadLetter", Given.letter("hodei.job-requests-0-1").json(true).keySet());
    assertFields("Cleanup", new CleanupView(Given.codec()).json(Given.NOON, 0).keySet());
  }

  @Test
  void everyReferenceHasATarget() {
    document.findValuesAsText("$ref").forEach(ref ->
        assertTrue(document.at(ref.substring(1)).isObject(), ref));
  }

  private void assertFields(String schema, Set<String> answered) {
    Set<String> documented = new TreeSet<>();
    document.at("/components/schemas/" + schema + "/properties").fieldNames().forEachRemaining(documented::add);
    assertEquals(new TreeSet<>(answered), documented);
  }

  private Set<String> queryOf(String path) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : document.get("paths").get(path).get("get").get("parameters")) {
      if (parameter.get("in").asText().equals("query")) {
        names.add(parameter.get("name").asText());
      }
    }
    return names;
  }

  private static JsonNode parsed() {
    try {
      return Json.MAPPER.readTree(new OpenApi().bytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
