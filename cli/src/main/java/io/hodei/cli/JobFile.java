package io.hodei.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The jobs, or pools, in a file: JSON (an object, an array, or several, one per line), or YAML (the same, and several documents). The
/// name's ending decides; without one, the first sign.
final class JobFile {
  private JobFile() {}

  /// `kind` is what each object is called in messages.
  static List<JsonNode> read(String kind, String name, byte[] bytes) {
    boolean json = isJson(name.toLowerCase(Locale.ROOT), bytes);
    ObjectMapper mapper = json ? new ObjectMapper() : new ObjectMapper(new YAMLFactory());
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    mapper.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    List<JsonNode> jobs = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = mapper.readerFor(JsonNode.class).readValues(bytes)) {
      while (documents.hasNextValue()) {
        add(kind, name, documents.nextValue(), jobs);
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw Failure.usage("Expected " + (json ? "JSON" : "YAML") + " in " + name + ", but"
          + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr()) + ": " + Json.firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw Failure.usage("Expected " + (json ? "JSON" : "YAML") + " in UTF-8 in " + name + ", but: " + Json.firstLine(e.getMessage()));
    }
    if (jobs.isEmpty()) {
      throw Failure.usage("Expected at least one " + kind + " in " + name + ", but found none");
    }
    return jobs;
  }

  /// What is in a file of the caller's directory, or comes from stdin.
  static byte[] bytes(Call call, String file) throws IOException {
    if (file.equals("-")) {
      return call.world().in().readAllBytes();
    }
    Path path = call.world().directory().resolve(file);
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw Failure.usage("Expected a file at " + path + ", but there is none; give another, or - for stdin");
    } catch (IOException e) {
      throw Failure.usage("Expected to read " + path + ", but: " + e.getMessage());
    }
  }

  private static void add(String kind, String name, JsonNode document, List<JsonNode> jobs) {
    if (document.isArray()) {
      document.forEach(each -> add(kind, name, each, jobs));
    } else if (document.isObject()) {
      jobs.add(document);
    } else if (!document.isNull() && !document.isMissingNode()) {
      throw Failure.usage("Expected " + kind + "s, each an object, in " + name + ", but found " + document.getNodeType().toString().toLowerCase(Locale.ROOT)
          + " " + document);
    }
  }

  private static boolean isJson(String name, byte[] bytes) {
    if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return true;
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return false;
    }
    for (byte each : bytes) {
      if (each != ' ' && each != '\n' && each != '\r' && each != '\t') {
        return each == '{' || each == '[';
      }
    }
    return true;
  }
}
