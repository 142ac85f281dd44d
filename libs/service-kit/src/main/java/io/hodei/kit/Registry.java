package io.hodei.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/// The two calls of the schema registry's Confluent API that we need. Blocking, two seconds each. Thread-safe.
final class Registry {
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final String url;

  Registry(String url) {
    this.url = url.replaceAll("/+$", "");
  }

  /// Registers `schema` under `subject`, or finds it there; its id.
  int register(String subject, Schema schema) throws IOException {
    String body = Json.text(Map.of("schema", schema.toString(), "schemaType", "AVRO"));
    JsonNode answer = send(HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject + "/versions"))
        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
        .POST(HttpRequest.BodyPublishers.ofString(body)));
    return answer.path("id").asInt();
  }

  /// The schema of an id.
  Schema byId(int id) throws IOException {
    JsonNode answer = send(HttpRequest.newBuilder(URI.create(url + "/schemas/ids/" + id)).GET());
    try {
      return new Schema.Parser().parse(answer.path("schema").asText());
    } catch (SchemaParseException e) {
      throw new UnknownSchemaException(id, "is not Avro: " + e.getMessage());
    }
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(Duration.ofSeconds(2)).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 404) {
        throw new UnknownSchemaException(-1, "is not in the registry at " + url);
      }
      if (answer.statusCode() != 200) {
        throw new IOException("Expected 200 from the schema registry at " + url + ", but got " + answer.statusCode()
            + ": " + answer.body());
      }
      return Json.MAPPER.readTree(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while asking the schema registry", e);
    }
  }
}
