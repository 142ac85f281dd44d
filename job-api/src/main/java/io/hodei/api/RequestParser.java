package io.hodei.api;

import io.hodei.domain.JobSpec;
import io.hodei.domain.PoolLimits;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestReader;
import io.hodei.domain.RequestRules;
import io.hodei.domain.Violation;
import io.hodei.kit.Json;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes requests of a body, with what the headers add to it, or refuses all of them with everything that is wrong.
final class RequestParser {
  static final int MAX_JOBS = 1000;
  static final int MAX_JOB_BYTES = RequestDecoder.MAX_BYTES;

  private static final int MAX_KEY = 250;

  /// What the headers of the call say; null where they say nothing.
  record Headers(@Nullable String idempotencyKey, @Nullable String actor, String correlationId) {}

  private final Function<String, @Nullable PoolLimits> pools;
  private final Headers headers;
  private final List<Map<String, Object>> errors = new ArrayList<>();
  private final Map<String, Integer> taken = new HashMap<>();

  RequestParser(Function<String, @Nullable PoolLimits> pools, Headers headers) {
    this.pools = pools;
    this.headers = headers;
  }

  /// The requests in `body`, an object or an array of objects.
  ///
  /// @throws Problem.Raised 400, 413 or 422
  List<JobSpec> parse(Object body) {
    checkHeaders();
    boolean array = body instanceof List<?>;
    List<?> items = body instanceof List<?> list ? list : List.of(body);
    if (items.isEmpty()) {
      throw new Problem(422, "invalid", "Expected 1 to " + MAX_JOBS + " jobs, but the array is empty.").raise();
    }
    if (items.size() > MAX_JOBS) {
      throw new Problem(413, "too-large", "Expected at most " + MAX_JOBS + " jobs in one call, but found " + items.size()
          + "; send them in several calls.").raise();
    }
    List<JobSpec> specs = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      specs.add(one(array ? i : null, items.get(i)));
    }
    refuseWrong();
    return specs;
  }

  /// The request `item`, number `index` of many that come one by one; see [#checkHeaders].
  ///
  /// @throws Problem.Raised 413 or 422; nothing is to be read after it
  JobSpec next(int index, Map<String, Object> item) {
    JobSpec spec = one(index, item);
    refuseWrong();
    return spec;
  }

  private void refuseWrong() {
    if (!errors.isEmpty()) {
      throw Problem.invalid("Expected valid requests, but found " + errors.size() + (errors.size() == 1 ? " error" : " errors")
          + "; the first" + place(errors.getFirst()) + ": " + errors.getFirst().get("message"), errors).raise();
    }
  }

  /// Where an error is: the item of the array, the field, or both; nothing when the one request as a whole is wrong.
  private static String place(Map<String, Object> error) {
    Object index = error.get("index");
    return (index == null ? "" : ", in item " + index) + (error.get("field").equals("") ? "" : ", in " + error.get("field"));
  }

  /// `spec` as it is to be recorded: with an id, and with what the headers say where it is silent.
  JobSpec complete(JobSpec spec, @Nullable String key) {
    return new JobSpec(spec.id() == null ? Uuid7.next() : spec.id(), spec.name(), spec.pool(), spec.command(), spec.script(), spec.image(),
        spec.env(), spec.secrets(), spec.workdir(), spec.resources(), spec.timeout(), spec.queueTimeout(), spec.priority(), spec.retry(), key,
        spec.labels(), spec.tenant(), firstOf(spec.actor(), firstOf(headers.actor(), "anonymous")),
        firstOf(spec.correlationId(), headers.correlationId()), spec.providerConfig(), spec.retryOf());
  }

  void checkHeaders() {
    String key = headers.idempotencyKey();
    if (key != null && (key.isBlank() || key.length() > MAX_KEY || key.chars().anyMatch(c -> c < 0x20 || c > 0x7E))) {
      throw badHeader("Idempotency-Key", MAX_KEY);
    }
    String actor = headers.actor();
    if (actor != null && (actor.isBlank() || actor.length() > 255 || actor.codePoints().anyMatch(Character::isISOControl))) {
      throw badHeader("X-Actor", 255);
    }
  }

  private static Problem.Raised badHeader(String name, int longest) {
    return new Problem(400, "bad-header", "Expected 1 to " + longest + " printable characters in " + name + ", but found others; correct it.").raise();
  }

  private JobSpec one(@Nullable Integer index, @Nullable Object item) {
    Map<String, Object> fields = fields(index, item);
    Reading reading = RequestReader.readWritten(fields);
    JobSpec spec = reading.spec();
    reading.violations().forEach(found -> add(index, found));
    checkPool(index, reading);
    String key = key(index, spec);
    if (index != null) {
      takeOnce(index, "id", spec.id());
      takeOnce(index, "idempotencyKey", key == null ? null : spec.tenant() + "/" + key);
    }
    return complete(spec, key);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> fields(@Nullable Integer index, @Nullable Object item) {
    if (!(item instanceof Map<?, ?> map)) {
      add(index, new Violation("", "wrong-type", "Expected a job request, which is a JSON object, but found "
          + RequestBody.shown(item) + "."));
      return Map.of("command", List.of("true"));
    }
    int size = Json.text(map).getBytes(StandardCharsets.UTF_8).length;
    if (size > MAX_JOB_BYTES) {
      throw new Problem(413, "too-large", "Expected a job of at most 256 KiB (" + MAX_JOB_BYTES + " bytes), but "
          + (index == null ? "it" : "number " + index) + " has " + size + "; move large data out of it.").raise();
    }
    return (Map<String, Object>) map;
  }

  private void checkPool(@Nullable Integer index, Reading reading) {
    JobSpec spec = reading.spec();
    if (reading.violations().stream().anyMatch(found -> found.field().equals("pool"))) {
      return;
    }
    PoolLimits limits = pools.apply(spec.pool());
    if (limits == null) {
      add(index, new Violation("pool", "unknown-pool", "Expected a known pool, but found \"" + spec.pool() + "\"; see GET /v1/pools."));
    } else {
      RequestRules.check(spec, limits).forEach(found -> add(index, found));
    }
  }

  private @Nullable String key(@Nullable Integer index, JobSpec spec) {
    String given = headers.idempotencyKey();
    if (given == null) {
      return spec.idempotencyKey();
    }
    String key = index == null ? given : given + "/" + index;
    if (key.length() > 255) {
      add(index, new Violation("idempotencyKey", "out-of-range", "Expected a key of at most 255 characters, but with the item's number it has "
          + key.length() + "; choose a shorter Idempotency-Key."));
    }
    if (spec.idempotencyKey() != null && !spec.idempotencyKey().equals(key)) {
      add(index, new Violation("idempotencyKey", "conflict", "Expected no idempotencyKey beside the header Idempotency-Key, or \"" + key
          + "\", but found \"" + spec.idempotencyKey() + "\"; leave one out."));
    }
    return key;
  }

  private void takeOnce(int index, String field, @Nullable String value) {
    Integer first = value == null ? null : taken.putIfAbsent(field + "=" + value, index);
    if (first != null) {
      add(index, new Violation(field, "conflict", "Expected every job of the array to have its own " + field
          + ", but this one has that of number " + first + "."));
    }
  }

  private void add(@Nullable Integer index, Violation found) {
    Map<String, Object> error = new LinkedHashMap<>();
    if (index != null) {
      error.put("index", index);
    }
    error.put("field", found.field());
    error.put("code", found.code());
    error.put("message", found.message());
    errors.add(error);
  }

  private static String firstOf(@Nullable String first, String second) {
    return first == null ? second : first;
  }
}
