package io.hodei.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The job that the options of `run` ask for. What the server can judge is left to it.
final class JobRequest {
  private JobRequest() {}

  static ObjectNode of(Call call, Server server) {
    if (call.words().isEmpty()) {
      throw Failure.usage("Expected a command after --, as in: hodei run -- echo hello, but found none");
    }
    ObjectNode job = Json.object();
    ArrayNode command = job.putArray("command");
    call.words().forEach(command::add);
    for (String field : new String[] {"pool", "image", "timeout", "name", "tenant", "id"}) {
      put(job, field, call.text("--" + field));
    }
    put(job, "queueTimeout", call.text("--queue-timeout"));
    put(job, "correlationId", call.text("--correlation-id"));
    put(job, "workdir", workdir(call, server));
    put(job, "priority", call.number("--priority"));
    environment(call, job);
    pairs(call, "--label", "labels", job);
    if (!call.texts("--secret").isEmpty()) {
      ArrayNode secrets = job.putArray("secrets");
      call.texts("--secret").forEach(secrets::add);
    }
    nested(job, "resources", resources(call));
    nested(job, "retry", retry(call));
    return job;
  }

  private static ObjectNode resources(Call call) {
    ObjectNode resources = Json.object();
    put(resources, "cpu", call.text("--cpu"));
    put(resources, "memory", call.text("--memory"));
    put(resources, "gpu", call.number("--gpu"));
    return resources;
  }

  private static ObjectNode retry(Call call) {
    ObjectNode retry = Json.object();
    put(retry, "maxAttempts", call.number("--max-attempts"));
    put(retry, "backoff", call.text("--backoff"));
    return retry;
  }

  private static void environment(Call call, ObjectNode job) {
    for (String given : call.texts("--env")) {
      int equals = given.indexOf('=');
      String name = equals < 0 ? given : given.substring(0, equals);
      String value = equals < 0 ? call.world().environment().get(name) : given.substring(equals + 1);
      if (value == null) {
        throw Failure.usage("Expected --env " + name + "=VALUE, or " + name + " in your environment, but it is not set; set it");
      }
      job.withObject("/env").put(name, value);
    }
  }

  private static void pairs(Call call, String option, String field, ObjectNode job) {
    for (String given : call.texts(option)) {
      int equals = given.indexOf('=');
      if (equals <= 0) {
        throw Failure.usage("Expected NAME=VALUE for " + option + ", but found \"" + given + "\"");
      }
      job.withObject("/" + field).put(given.substring(0, equals), given.substring(equals + 1));
    }
  }

  /// The caller's directory, when the workers see the same files; none elsewhere, unless it is named in full.
  private static @Nullable String workdir(Call call, Server server) {
    String given = call.text("--workdir");
    if (given == null) {
      return server.local() && call.text("--image") == null ? call.world().directory().toString() : null;
    }
    if (!server.local() && !Path.of(given).isAbsolute()) {
      throw Failure.usage("Expected an absolute --workdir, as " + server.url() + " does not run from this machine's data directory, but found \""
          + given + "\"");
    }
    return call.world().directory().resolve(given).normalize().toString();
  }

  private static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  private static void put(ObjectNode node, String field, @Nullable Long value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  private static void nested(ObjectNode job, String field, ObjectNode value) {
    if (!value.isEmpty()) {
      job.set(field, value);
    }
  }
}
