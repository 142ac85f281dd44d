package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Which job a word means: a full id, the beginning of one, or @last, the job that was submitted last.
final class JobIds {
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Api api;
  private final Surroundings world;

  JobIds(Api api, Surroundings world) {
    this.api = api;
    this.world = world;
  }

  String resolve(String word) {
    if (word.equals("@last")) {
      return last();
    }
    if (UUID.matcher(word).matches() || exists(word)) {
      return word;
    }
    JsonNode found = api.get(new Query("/v1/jobs").with("idPrefix", word).with("limit", 2).toString()).json().path("items");
    List<String> ids = new ArrayList<>();
    found.forEach(job -> ids.add(job.path("id").asText()));
    if (ids.size() > 1) {
      throw Failure.usage("Expected the beginning of one job's id, but \"" + word + "\" begins several, such as " + String.join(" and ", ids)
          + "; give more of it");
    }
    if (ids.isEmpty()) {
      throw Failure.failed("Expected a job whose id is or begins with \"" + word + "\", but found none; see ./hodei jobs");
    }
    return ids.getFirst();
  }

  private boolean exists(String id) {
    try {
      api.get("/v1/jobs/" + Api.escape(id));
      return true;
    } catch (Refused e) {
      if (e.status() == 404 || e.status() == 400) {
        return false;
      }
      throw e;
    }
  }

  /// Makes `id` the one that @last means. That it cannot be written down is no reason to fail.
  void remember(String id) {
    try {
      Path file = file();
      Files.createDirectories(file.getParent());
      Files.writeString(file, id + "\n");
    } catch (IOException e) {
      return;
    }
  }

  private String last() {
    try {
      return Files.readString(file()).strip();
    } catch (IOException e) {
      throw Failure.usage("Expected a job submitted from here before @last, but none is recorded in " + file() + "; give an id");
    }
  }

  /// In the data directory when that is there; not in a directory that `up` has yet to make.
  private Path file() {
    Path data = api.server().data();
    if (api.server().local() && new LocalInstallation(data).exists()) {
      return data.resolve("last-job");
    }
    String state = world.variable("XDG_STATE_HOME");
    return (state == null ? world.home().resolve(".local/state") : Path.of(state)).resolve("hodei/last-job");
  }
}
