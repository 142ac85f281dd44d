package io.hodei.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a pool from a parsed JSON object with the contract's names: what is absent gets the process provider's defaults, what is not built
/// yet is refused by name. An explicit null is an absent field.
public final class PoolReader {
  /// A pool with everything that is wrong with it. `generation` is the one that the writer has seen; null: whichever there is.
  public record Read(PoolPolicy pool, @Nullable Integer generation, List<Violation> violations) {}

  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final List<String> BUILT = List.of("process", "docker", "kubernetes");
  private static final int MAX_WORKERS = 10_000;
  private static final int MAX_JOBS = 1_000_000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<Violation> violations = new ArrayList<>();
  private final FieldReader fields;

  private PoolReader(Map<String, ?> written) {
    this.fields = new FieldReader("", written, violations);
  }

  /// The pool `name` that `written` asks for.
  ///
  /// @param maxWorkers the slots of a pool that names none
  /// @param maxCreating its workers in creation at once
  public static Read read(String name, Map<String, ?> written, int maxWorkers, int maxCreating) {
    PoolReader reader = new PoolReader(written);
    PoolPolicy pool = reader.pool(name, maxWorkers, maxCreating);
    Integer generation = reader.fields.integer("generation", 0, Integer.MAX_VALUE);
    reader.fields.refuseUnknown();
    return new Read(pool, generation, List.copyOf(reader.violations));
  }

  private PoolPolicy pool(String name, int maxWorkers, int maxCreating) {
    String said = fields.text("name");
    if (said != null && !said.equals(name)) {
      fields.violate("name", "bad-value", "Expected the name of the address, " + name + ", or none, but found \"" + FieldReader.shown(said) + "\".");
    }
    List<String> providers = providers();
    String provider = providers.getFirst();
    only("strategy", fields.text("strategy"), "ordered", "the first provider that is there is taken; least-loaded, fastest and cheapest are not built yet");
    WorkerMode mode = mode();
    if (fields.integer("minWarm", 0, MAX_WORKERS, 0) > 0) {
      notBuilt(fields, "minWarm", "warm workers are not built yet; leave it out or 0");
    }
    int workers = fields.integer("maxWorkers", 0, MAX_WORKERS, maxWorkers);
    PoolTemplate template = template(name, providers);
    String allow = configOf(fields.object("allow"), written -> ProviderConfigs.checkAllow(written, providers, violations));
    FieldReader policy = or(fields.nested("policy"));
    PoolTimes times = times(policy, PoolTimes.of(provider));
    int maxJobs = policy.integer("maxJobs", 0, MAX_JOBS, 0);
    int creating = policy.integer("maxCreating", 1, MAX_WORKERS, maxCreating);
    boolean autoCleanup = bool(policy, "autoCleanup", true);
    boolean orphanDetection = bool(policy, "orphanDetection", true);
    boolean keep = bool(policy, "keepOnFailure", false);
    policy.refuseUnknown();
    return new PoolPolicy(name, providers, mode, workers, creating, maxJobs, autoCleanup, orphanDetection, keep, template, allow, times, 0);
  }

  /// In the order in which they are asked.
  private List<String> providers() {
    List<String> providers = fields.texts("providers");
    for (String provider : providers) {
      if (!BUILT.contains(provider)) {
        fields.violate("providers", "bad-value", "Expected process, docker or kubernetes, but found \"" + FieldReader.shown(provider) + "\".");
      }
    }
    if (Set.copyOf(providers).size() < providers.size()) {
      fields.violate("providers", "bad-value", "Expected each provider once, but found " + String.join(", ", providers) + ".");
    } else if (providers.size() > 1 && providers.contains("process")) {
      fields.violate("providers", "bad-value", "Expected providers that run the same jobs, but process runs no images and "
          + String.join(", ", providers.stream().filter(each -> !each.equals("process")).toList()) + " nothing else; make two pools.");
    }
    return providers.isEmpty() || !BUILT.containsAll(providers) ? List.of("process") : List.copyOf(providers);
  }

  private WorkerMode mode() {
    String said = fields.text("mode");
    if (said == null || said.equals("ephemeral")) {
      return WorkerMode.EPHEMERAL;
    }
    if (!said.equals("reusable")) {
      fields.violate("mode", "bad-value", "Expected ephemeral or reusable, but found \"" + FieldReader.shown(said) + "\".");
    }
    return WorkerMode.REUSABLE;
  }

  private PoolTemplate template(String name, List<String> providers) {
    FieldReader template = or(fields.nested("template"));
    if (providers.contains("process")) {
      for (String field : List.of("image", "resources")) {
        if (template.present(field)) {
          fields.violate("template." + field, "unsupported", "Expected no " + field + " in a pool whose provider is process, but found one; leave it out.");
        }
      }
    }
    Shape shape = Shape.read(template, "template.", violations);
    String config = configOf(template.object("providerConfig"), written -> ProviderConfigs.checkTemplate(written, providers, name, violations));
    Map<String, String> env = new LinkedHashMap<>(template.textMap("env"));
    for (String variable : env.keySet()) {
      if (!ENV_NAME.matcher(variable).matches() || variable.startsWith("HODEI_")) {
        fields.violate("template.env." + FieldReader.shown(variable), "bad-name",
            "Expected a name of letters, digits and _ that does not begin with a digit or HODEI_, but found \"" + FieldReader.shown(variable) + "\".");
      }
    }
    template.refuseUnknown();
    return new PoolTemplate(shape.image(), shape.resources(), env, config);
  }

  private PoolTimes times(FieldReader policy, PoolTimes usual) {
    return new PoolTimes(duration(policy, "maxLifetime", SECOND, usual.maxLifetime()), duration(policy, "maxJobTimeout", SECOND, usual.maxJobTimeout()),
        duration(policy, "ttlAfterCompletion", Duration.ZERO, usual.ttlAfterCompletion()), duration(policy, "idleTimeout", SECOND, usual.idleTimeout()),
        duration(policy, "gracefulTermination", Duration.ZERO, usual.gracefulTermination()),
        duration(policy, "createTimeout", SECOND, usual.createTimeout()), duration(policy, "connectTimeout", SECOND, usual.connectTimeout()),
        duration(policy, "orphanCheckInterval", SECOND, usual.orphanCheckInterval()));
  }

  private static Duration duration(FieldReader policy, String name, Duration low, Duration usual) {
    Duration found = policy.duration(name, low, LONGEST);
    return found == null ? usual : found;
  }

  private static boolean bool(FieldReader from, String name, boolean usual) {
    Boolean found = from.bool(name);
    return found == null ? usual : found;
  }

  private FieldReader or(@Nullable FieldReader nested) {
    return nested == null ? new FieldReader("", Map.of(), violations) : nested;
  }

  private void only(String name, @Nullable String found, String built, String why) {
    if (found != null && !found.equals(built)) {
      notBuilt(fields, name, "only " + built + " is: " + why);
    }
  }

  private static void notBuilt(FieldReader where, String name, String why) {
    where.violate(name, "not-built", "Expected a " + name + " that is built, but found another: " + why + ".");
  }

  /// The JSON text of an object that passed its check; null when there is none or it is empty.
  private static @Nullable String configOf(@Nullable Map<String, ?> written, Consumer<Map<String, ?>> check) {
    if (written == null || written.isEmpty()) {
      return null;
    }
    check.accept(written);
    return CanonicalJson.of(written);
  }
}
