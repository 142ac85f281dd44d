package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Codec;
import io.hodei.kit.Key;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls on the run-time flags. A change answers when the dispatcher has applied it: what is decided afterwards is decided by it.
final class FlagCalls {
  private static final List<Key> SWITCHES = List.of(Key.LIFECYCLE_ENABLED, Key.IMMEDIATE_CLEANUP);
  private static final Key PERCENT = Key.IMMEDIATE_CLEANUP_PERCENT;

  private final FlagView flags;
  private final Outbox outbox;
  private final Codec codec;
  private final Duration patience;
  private final InstantSource clock;

  FlagCalls(FlagView flags, Outbox outbox, Codec codec, Duration patience, InstantSource clock) {
    this.flags = flags;
    this.outbox = outbox;
    this.codec = codec;
    this.patience = patience;
    this.clock = clock;
  }

  void get(ServerRequest request, ServerResponse response) {
    Query.of(request);
    if (flags.isEmpty()) {
      throw new Problem(503, "starting", "Expected flags, but the dispatcher has not applied any yet; try again in a moment.").raise();
    }
    Answer.ok(response, flags.json());
  }

  void put(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    Map<String, String> values = values(RequestBody.required(request));
    Caller caller = Caller.of(request, response);
    ControlCommand command = ControlCommand.newBuilder().setType("SetFlags").setCommandId(Uuid7.next()).setAt(clock.instant()).setActor(caller.actorOrAnonymous())
        .setCorrelationId(caller.correlationId()).setFlags(values).build();
    Deadline deadline = Deadline.in(patience);
    try (Applied.Expectation applied = flags.expect(command.getCommandId(), values.size())) {
      outbox.send(codec.record(Topic.CONTROL, "flags", command), deadline);
      if (!applied.await(deadline.left())) {
        throw new Problem(503, "outcome-unknown", "Expected the dispatcher to apply the flags within " + patience.toMillis()
            + " ms, but it has not; they are durable and may come into force later: see GET /v1/flags, and whether the dispatcher is up.").raise();
      }
    }
    Answer.ok(response, flags.json());
  }

  /// What a body asks for, by flag; those that it does not name stay.
  ///
  /// @throws Problem.Raised 422 with everything that is wrong
  static Map<String, String> values(Map<String, Object> body) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Map<String, Object>> errors = new ArrayList<>();
    body.forEach((name, value) -> {
      String error = error(name, value);
      if (error == null) {
        values.put(name, value.toString());
      } else {
        boolean known = name.equals(PERCENT.key()) || SWITCHES.stream().anyMatch(flag -> flag.key().equals(name));
        errors.add(Map.of("field", name, "code", known ? "wrong-type" : "unknown-field", "message", error));
      }
    });
    if (!errors.isEmpty()) {
      throw Problem.invalid(String.valueOf(errors.getFirst().get("message")), errors).raise();
    }
    if (values.isEmpty()) {
      throw Problem.invalid("Expected at least one flag, but found none; the flags are " + names() + ".", List.of()).raise();
    }
    return values;
  }

  private static @Nullable String error(String name, @Nullable Object value) {
    if (SWITCHES.stream().anyMatch(flag -> flag.key().equals(name))) {
      return value instanceof Boolean ? null : "Expected true or false for " + name + ", but found " + RequestBody.shown(value) + ".";
    }
    if (name.equals(PERCENT.key())) {
      return value instanceof Integer number && number >= 0 && number <= 100 ? null
          : "Expected a whole number of 0 to 100 for " + name + ", but found " + RequestBody.shown(value) + ".";
    }
    return "Expected a flag among " + names() + ", but found " + RequestBody.shown(name) + ".";
  }

  private static String names() {
    return SWITCHES.getFirst().key() + ", " + SWITCHES.getLast().key() + ", " + PERCENT.key();
  }
}
