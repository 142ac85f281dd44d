package io.hodei.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a job request from a parsed JSON object with the contract's names: fills in the defaults, and collects everything
/// that is wrong with it by itself. What depends on the pool is in [RequestRules]. An explicit null is an absent field.
public final class RequestReader {
  /// Given ids, pools and tenants.
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,126}[A-Za-z0-9])?");
  private static final int MAX_LABELS = 64;
  private static final int MAX_TEXT = 255;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST_QUEUE = Duration.ofDays(7);
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);
  private static final Duration LONGEST_BACKOFF = Duration.ofHours(24);

  private final List<Violation> violations = new ArrayList<>();
  private final FieldReader fields;

  private RequestReader(Map<String, ?> fields) {
    this.fields = new FieldReader("", fields, violations);
  }

  /// The request that `fields` asks for, with everything that is wrong with it.
  public static Reading read(Map<String, ?> fields) {
    RequestReader reader = new RequestReader(fields);
    JobSpec spec = reader.spec();
    return new Reading(spec, reader.violations);
  }

  /// The same of an object that a user wrote: `retryOf` tells where a retried job comes from, and is not theirs to say.
  public static Reading readWritten(Map<String, ?> fields) {
    RequestReader reader = new RequestReader(fields);
    JobSpec spec = reader.spec();
    if (spec.retryOf() != null) {
      reader.violate("retryOf", "unknown-field",
          "Expected no retryOf, which POST /v1/jobs/{id}/retry sets, but found one; remove it.");
    }
    return new Reading(spec, reader.violations);
  }

  private JobSpec spec() {
    String id = named("id");
    String name = printable("name");
    String pool = or(named("pool"), "default");
    List<String> command = command();
    String script = fields.text("script");
    oneOfThem(command, script);
    Shape shape = Shape.read(fields, "", violations);
    Map<String, String> env = env();
    List<String> secrets = secrets();
    String workdir = workdir();
    Duration timeout = fields.duration("timeout", SHORTEST, LONGEST_TIMEOUT);
    Duration queueTimeout = or(fields.duration("queueTimeout", SHORTEST, LONGEST_QUEUE), Duration.ofHours(24));
    int priority = fields.integer("priority", -1000, 1000, 0);
    RetryPolicy retry = retry();
    String idempotencyKey = printable("idempotencyKey");
    Map<String, String> labels = labels();
    String tenant = or(named("tenant"), "default");
    String actor = printable("actor");
    String correlationId = correlationId();
    String providerConfig = providerConfig();
    String retryOf = named("retryOf");
    fields.refuseUnknown();
    return new JobSpec(id, name, pool, command, script, shape.image(), env, secrets, workdir, shape.resources(), timeout, queueTimeout,
        priority, retry, idempotencyKey, labels, tenant, actor, correlationId, providerConfig, retryOf);
  }

  private List<String> command() {
    List<String> command = fields.texts("command");
    if (!command.isEmpty() && command.getFirst().isBlank()) {
      violate("command[0]", "bad-value", "Expected the program to run, but found an empty text; name it first.");
    }
    return command;
  }

  private void oneOfThem(List<String> command, @Nullable String script) {
    boolean tried = violations.stream().anyMatch(found -> found.field().startsWith("command") || found.field().equals("script"));
    if (!command.isEmpty() && script != null) {
      violate("script", "conflict", "Expected command or script, but found both; leave one out.");
    } else if (script != null && script.isBlank()) {
      violate("script", "bad-value", "Expected a script, but it is empty; write one, or use command.");
    } else if (command.isEmpty() && script == null && !tried) {
      violate("command", "missing", "Expected command, such as [\"sh\",\"-c\",\"date\"], or script, but found neither; add one.");
    }
  }

  private Map<String, String> env() {
    Map<String, String> env = fields.textMap("env");
    for (String name : env.keySet()) {
      if (!ENV_NAME.matcher(name).matches()) {
        violate("env." + FieldReader.shown(name), "bad-name",
            "Expected a name of letters, digits and _ that does not begin with a digit, but found \"" + FieldReader.shown(name) + "\".");
      } else if (name.startsWith("HODEI_")) {
        violate("env." + name, "bad-name", "Expected a name that does not begin with HODEI_, which is kept for Hodei, but found "
            + FieldReader.shown(name) + "; choose another.");
      }
    }
    return env;
  }

  private List<String> secrets() {
    List<String> secrets = fields.texts("secrets");
    if (!secrets.isEmpty()) {
      violate("secrets", "not-built", "Expected no secrets, but found " + secrets.size()
          + ": secrets are not built yet; leave them out.");
    }
    return secrets;
  }

  private @Nullable String workdir() {
    String workdir = fields.text("workdir");
    if (workdir != null && (!workdir.startsWith("/") || workdir.length() > 4000)) {
      violate("workdir", "bad-value", "Expected an absolute path of at most 4000 characters, but found \""
          + FieldReader.shown(workdir) + "\"; begin it with /.");
    }
    return workdir;
  }

  private RetryPolicy retry() {
    FieldReader nested = fields.nested("retry");
    if (nested == null) {
      return RetryPolicy.NONE;
    }
    int maxAttempts = nested.integer("maxAttempts", 1, 100, 1);
    Duration backoff = or(nested.duration("backoff", Duration.ZERO, LONGEST_BACKOFF), RetryPolicy.NONE.backoff());
    Duration asked = nested.duration("maxBackoff", Duration.ZERO, LONGEST_BACKOFF);
    List<Integer> exitCodes = nested.integers("onExitCodes", 1, 255);
    List<String> reasons = nested.texts("onReasons");
    nested.refuseUnknown();
    if (asked != null && asked.compareTo(backoff) < 0) {
      violate("retry.maxBackoff", "out-of-range", "Expected at least the backoff, " + DurationText.of(backoff) + ", but found "
          + DurationText.of(asked) + "; raise maxBackoff or lower backoff.");
    }
    reasons.forEach(this::checkReason);
    Duration standard = RetryPolicy.NONE.maxBackoff();
    Duration maxBackoff = asked != null ? asked : backoff.compareTo(standard) > 0 ? backoff : standard;
    return new RetryPolicy(maxAttempts, backoff, maxBackoff, exitCodes, reasons);
  }

  private void checkReason(String reason) {
    List<String> retried = new ArrayList<>();
    for (JobReason known : JobReason.values()) {
      if (known != JobReason.CANCELLED && known != JobReason.REFUSED) {
        retried.add(known.name());
      }
    }
    if (!retried.contains(reason)) {
      violate("retry.onReasons", "bad-name", "Expected reasons that can be retried (" + String.join(", ", retried)
          + "), but found \"" + FieldReader.shown(reason) + "\".");
    }
  }

  private Map<String, String> labels() {
    Map<String, String> labels = fields.textMap("labels");
    if (labels.size() > MAX_LABELS) {
      violate("labels", "out-of-range", "Expected at most " + MAX_LABELS + " labels, but found " + labels.size() + ".");
    }
    labels.forEach((name, value) -> {
      String where = "labels." + FieldReader.shown(name);
      if (!LABEL_NAME.matcher(name).matches()) {
        violate(where, "bad-name", "Expected a label's name of 1 to 128 letters, digits, '.', '_', '/' or '-' that begins and ends with"
            + " a letter or digit, but found \"" + FieldReader.shown(name) + "\".");
      }
      checkPrintable(where, value, 0);
    });
    return labels;
  }

  private @Nullable String correlationId() {
    String found = fields.text("correlationId");
    if (found != null && !isCorrelationId(found)) {
      violate("correlationId", "bad-value", "Expected 1 to " + MAX_TEXT + " visible ASCII characters, but found \""
          + FieldReader.shown(found) + "\".");
    }
    return found;
  }

  /// Whether `text` may be a correlation id, which travels in headers: 1 to 255 visible ASCII characters.
  public static boolean isCorrelationId(String text) {
    return !text.isEmpty() && text.length() <= MAX_TEXT && text.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }

  private @Nullable String providerConfig() {
    Map<String, ?> config = fields.object("providerConfig");
    return config == null || config.isEmpty() ? null : CanonicalJson.of(config);
  }

  private @Nullable String named(String name) {
    return shaped(name, fields.text(name), NAME,
        "1 to 63 letters, digits, '.', '_' or '-' that begin and end with a letter or digit");
  }

  private @Nullable String printable(String name) {
    String text = fields.text(name);
    if (text != null) {
      checkPrintable(name, text, 1);
    }
    return text;
  }

  private void checkPrintable(String where, String text, int shortest) {
    if (text.length() < shortest || text.length() > MAX_TEXT || text.codePoints().anyMatch(Character::isISOControl)) {
      violate(where, "bad-value", "Expected " + shortest + " to " + MAX_TEXT + " printable characters, but found \""
          + FieldReader.shown(text) + "\" (" + text.length() + " characters).");
    }
  }

  private @Nullable String shaped(String where, @Nullable String text, Pattern shape, String expected) {
    if (text != null && !shape.matcher(text).matches()) {
      violate(where, "bad-name", "Expected " + expected + ", but found \"" + FieldReader.shown(text) + "\".");
      return null;
    }
    return text;
  }

  private void violate(String field, String code, String message) {
    violations.add(new Violation(field, code, message));
  }

  private static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }
}
