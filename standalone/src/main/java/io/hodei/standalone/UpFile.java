package io.hodei.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `up.json`: what the running `up` tells clients, `status` and a second `up`. Written when it begins and when it is ready,
/// removed by an orderly stop.
record UpFile(String installation, boolean ready, boolean separate, Pid pid, Map<String, String> urls) {

  static UpFile of(String installation, boolean ready, boolean separate, Ports ports) {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("api", Component.API.url(ports));
    urls.put("gateway", Component.DISPATCHER.url(ports));
    urls.put("lifecycle", Component.LIFECYCLE.url(ports));
    urls.put("gc", Component.GC.url(ports));
    urls.put("audit", Component.AUDIT.url(ports));
    urls.put("kafka", Component.BROKER.url(ports));
    urls.put("registry", Component.REGISTRY.url(ports));
    urls.put("postgres", Component.POSTGRES.url(ports));
    return new UpFile(installation, ready, separate, Pid.ofThisProcess(), urls);
  }

  void write(DataDirectory directory) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("installation", installation);
    fields.put("data", directory.root().toString());
    fields.put("version", Version.text());
    fields.put("ready", ready);
    fields.put("mode", separate ? "separate" : "together");
    fields.put("pid", pid.pid());
    fields.put("startTicks", pid.startTicks());
    fields.put("boot", pid.boot());
    fields.put("urls", urls);
    List<String> services = new ArrayList<>();
    for (Component each : Component.values()) {
      services.add(each.label());
    }
    fields.put("services", services);
    DataDirectory.write(directory.upFile(), Json.text(fields));
  }

  static void remove(DataDirectory directory) {
    try {
      Files.deleteIfExists(directory.upFile());
    } catch (IOException e) {
      throw new StandaloneException("Expected to remove " + directory.upFile() + ", but: " + e, e);
    }
  }

  static Optional<UpFile> read(DataDirectory directory) {
    try {
      JsonNode fields = Json.MAPPER.readTree(Files.readAllBytes(directory.upFile()));
      Map<String, String> urls = new LinkedHashMap<>();
      fields.path("urls").properties().forEach(each -> urls.put(each.getKey(), each.getValue().asText()));
      return Optional.of(new UpFile(fields.path("installation").asText(), fields.path("ready").asBoolean(),
          fields.path("mode").asText().equals("separate"),
          new Pid(fields.path("pid").asLong(), fields.path("startTicks").asLong(), fields.path("boot").asText()), urls));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
