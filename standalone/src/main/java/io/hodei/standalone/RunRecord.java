package io.hodei.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which process a component is, kept in `run/NAME.json` from its start to its orderly stop. What a kill -9 leaves names
/// a dead process, or one that is still ours.
record RunRecord(Component component, Pid pid, String url, int port) {

  void write(DataDirectory directory) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", component.label());
    fields.put("pid", pid.pid());
    fields.put("startTicks", pid.startTicks());
    fields.put("boot", pid.boot());
    fields.put("url", url);
    fields.put("port", port);
    fields.put("healthPath", component.healthPath());
    DataDirectory.write(file(directory, component), Json.text(fields));
  }

  static Optional<RunRecord> read(DataDirectory directory, Component component) {
    Path file = file(directory, component);
    try {
      JsonNode fields = Json.MAPPER.readTree(Files.readAllBytes(file));
      Pid pid = new Pid(fields.path("pid").asLong(), fields.path("startTicks").asLong(), fields.path("boot").asText());
      return Optional.of(new RunRecord(component, pid, fields.path("url").asText(), fields.path("port").asInt()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// The record when its process lives.
  static Optional<RunRecord> living(DataDirectory directory, Component component) {
    return read(directory, component).filter(record -> record.pid.alive());
  }

  /// Unless it names another process, which has come first.
  static void removeOwn(DataDirectory directory, Component component) {
    if (read(directory, component).filter(record -> !record.pid.equals(Pid.ofThisProcess())).isEmpty()) {
      remove(directory, component);
    }
  }

  static void remove(DataDirectory directory, Component component) {
    try {
      Files.deleteIfExists(file(directory, component));
    } catch (IOException e) {
      throw new StandaloneException("Expected to remove the record of " + component.label() + ", but: " + e, e);
    }
  }

  private static Path file(DataDirectory directory, Component component) {
    return directory.run().resolve(component.label() + ".json");
  }
}
