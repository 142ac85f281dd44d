package io.hodei.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.domain.PoolReader;
import io.hodei.domain.RequestReader;
import io.hodei.domain.Violation;
import io.hodei.kit.Codec;
import io.hodei.kit.Json;
import io.hodei.kit.Problem;
import io.hodei.kit.Slots;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls on pools. A change replaces the whole pool, what the body leaves out by its default, and answers when the dispatcher has applied it:
/// what is decided afterwards is decided by it, and nobody who works is harmed.
final class PoolCalls {
  private static final String AVAILABLE = "providersAvailable";

  private final PoolView pools;
  private final ProviderView providers;
  private final Outbox outbox;
  private final Codec codec;
  private final Slots slots;
  private final Duration patience;
  private final InstantSource clock;

  PoolCalls(PoolView pools, ProviderView providers, Outbox outbox, Codec codec, Slots slots, Duration patience, InstantSource clock) {
    this.pools = pools;
    this.providers = providers;
    this.outbox = outbox;
    this.codec = codec;
    this.slots = slots;
    this.patience = patience;
    this.clock = clock;
  }

  void list(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, Map.of("items", pools.all().stream().map(this::shown).toList()));
  }

  void get(ServerRequest request, ServerResponse response) {
    Query.of(request);
    String name = request.path().pathParameters().get("name");
    Pool pool = pools.get(name);
    if (pool == null) {
      throw Problems.noPool(name);
    }
    Answer.ok(response, shown(pool));
  }

  void put(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String name = request.path().pathParameters().get("name");
    Map<String, Object> body = new LinkedHashMap<>(RequestBody.required(request));
    // What was read may be put back: this is no part of what is asked for.
    body.remove(AVAILABLE);
    PoolReader.Read asked = asked(name, body, slots);
    Pool before = pools.get(name);
    requireGeneration(name, asked, before);
    Caller caller = Caller.of(request, response);
    ControlCommand command = ControlCommand.newBuilder().setType("ApplyPool").setCommandId(Uuid7.next()).setAt(clock.instant())
        .setActor(caller.actorOrAnonymous()).setCorrelationId(caller.correlationId()).setPool(name)
        .setSpec(complete(body)).build();
    Deadline deadline = Deadline.in(patience);
    try (Applied.Expectation applied = pools.expect(command.getCommandId())) {
      outbox.send(codec.record(Topic.CONTROL, name, command), deadline);
      if (!applied.await(deadline.left())) {
        throw new Problem(503, "outcome-unknown", "Expected the dispatcher to apply pool " + name + " within " + patience.toMillis()
            + " ms, but it has not; it is durable and may come into force later: see GET /v1/pools/" + name + ", and whether the dispatcher is up.").raise();
      }
    }
    Pool after = pools.get(name);
    if (after == null || (asked.generation() != null && !isAs(after, asked))) {
      throw conflict(name, asked, after);
    }
    Answer.ok(response, shown(after));
  }

  /// The pool, and which of its providers are there now.
  static Map<String, @Nullable Object> shown(Pool pool, ProviderView providers) {
    Map<String, @Nullable Object> json = PoolView.json(pool);
    json.put(AVAILABLE, providers.availableOf(pool.getProviders()));
    return json;
  }

  private Map<String, @Nullable Object> shown(Pool pool) {
    return shown(pool, providers);
  }

  /// What a body asks for.
  ///
  /// @throws Problem.Raised 422 with everything that is wrong
  static PoolReader.Read asked(String name, Map<String, Object> body, Slots slots) {
    if (!RequestReader.NAME.matcher(name).matches()) {
      String message = "Expected a name of 1 to 63 letters, digits, '.', '_' and '-' that begins and ends with a letter or digit, but found "
          + RequestBody.shown(name) + ".";
      throw Problem.invalid(message, List.of(Map.of("field", "name", "code", "bad-name", "message", message))).raise();
    }
    PoolReader.Read asked = PoolReader.read(name, body, slots.maxWorkers(), slots.maxCreating());
    if (!asked.violations().isEmpty()) {
      Violation first = asked.violations().getFirst();
      throw Problem.invalid(first.field() + ": " + first.message(), asked.violations().stream().map(PoolCalls::json).toList()).raise();
    }
    return asked;
  }

  private static Map<String, Object> json(Violation violation) {
    return Map.of("field", violation.field(), "code", violation.code(), "message", violation.message());
  }

  private static void requireGeneration(String name, PoolReader.Read asked, @Nullable Pool before) {
    if (asked.generation() != null && asked.generation() != (before == null ? 0 : before.getGeneration())) {
      throw conflict(name, asked, before);
    }
  }

  private static Problem.Raised conflict(String name, PoolReader.Read asked, @Nullable Pool found) {
    return Problems.conflict("Expected generation " + asked.generation() + " of pool " + name + ", but "
        + (found == null ? "there is no such pool" : "it is at generation " + found.getGeneration())
        + "; read it again and put your change on that, or leave generation out.");
  }

  /// The body with the defaults that depend on this installation, so that who applies it has none to add.
  private String complete(Map<String, Object> body) throws JsonProcessingException {
    Map<String, @Nullable Object> spec = new LinkedHashMap<>(body);
    Map<String, @Nullable Object> policy = new LinkedHashMap<>();
    if (body.get("policy") instanceof Map<?, ?> written) {
      written.forEach((key, value) -> policy.put(String.valueOf(key), value));
    }
    if (spec.get("maxWorkers") == null) {
      spec.put("maxWorkers", slots.maxWorkers());
    }
    if (policy.get("maxCreating") == null) {
      policy.put("maxCreating", slots.maxCreating());
    }
    spec.put("policy", policy);
    return Json.MAPPER.writeValueAsString(spec);
  }

  private boolean isAs(Pool row, PoolReader.Read asked) {
    return PoolReader.read(row.getName(), PoolView.json(row), slots.maxWorkers(), slots.maxCreating()).pool().equals(asked.pool());
  }
}
