package io.hodei.kit;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The configuration of one process: `hodei.yaml`, overridden by the environment. Immutable; unknown keys and unreadable
/// values are refused when it is loaded, with the key, what was expected and what was found.
public final class Settings {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  /// Another name of the variable of [Key#IMMEDIATE_CLEANUP].
  public static final String IMMEDIATE_ALIAS = "IMMEDIATE_WORKER_CLEANUP";

  /// What a job sees of Hodei, which may run Hodei itself.
  private static final Set<String> JOBS_VARIABLES = Set.of("HODEI_JOB_ID", "HODEI_ATTEMPT", "HODEI_WORKER_ID", "HODEI_INSTALLATION_ID");

  private final Map<Key, String> values;

  private Settings(Map<Key, String> values) {
    this.values = values;
    for (Key key : Key.values()) {
      check(key);
    }
  }

  /// Reads `file` (null: none) and `environment`.
  ///
  /// @throws SettingsException naming the key or the file
  public static Settings load(@Nullable Path file, Map<String, String> environment) {
    Map<String, String> flat = new LinkedHashMap<>();
    if (file != null) {
      flatten("", read(file), flat);
    }
    Map<String, Key> variables = new LinkedHashMap<>();
    for (Key key : Key.values()) {
      variables.put(key.variable(), key);
    }
    environment.forEach((name, value) -> {
      Key key = variables.get(name);
      if (key != null) {
        flat.put(key.key(), value);
      } else if (isMeantForUs(name)) {
        throw new SettingsException("Expected a variable of Hodei, but found " + name + "; the keys and their variables are listed in docs/configuration.md.");
      }
    });
    alias(environment, flat);
    return of(flat);
  }

  /// A misspelt variable must not be taken for none: whatever begins like the variables of a group of keys is one of ours.
  private static boolean isMeantForUs(String name) {
    return !JOBS_VARIABLES.contains(name)
        && Arrays.stream(Key.values()).anyMatch(key -> key.key().indexOf('.') != key.key().lastIndexOf('.')
            && name.startsWith(key.variable().substring(0, key.variable().indexOf('_', "HODEI_".length()) + 1)));
  }

  /// The other name of a variable; when both are given they must agree.
  private static void alias(Map<String, String> environment, Map<String, String> flat) {
    String value = environment.get(IMMEDIATE_ALIAS);
    if (value == null) {
      return;
    }
    String own = environment.get(Key.IMMEDIATE_CLEANUP.variable());
    if (own != null && !own.equals(value)) {
      throw new SettingsException("Expected " + IMMEDIATE_ALIAS + " to say the same as " + Key.IMMEDIATE_CLEANUP.variable() + ", but found \""
          + value + "\" and \"" + own + "\"; remove one.");
    }
    flat.put(Key.IMMEDIATE_CLEANUP.key(), value);
  }

  /// From keys as in `hodei.yaml`, flattened.
  public static Settings of(Map<String, String> flat) {
    Map<String, Key> known = new LinkedHashMap<>();
    for (Key key : Key.values()) {
      known.put(key.key(), key);
    }
    Map<Key, String> values = new EnumMap<>(Key.class);
    flat.forEach((name, value) -> {
      Key key = known.get(name);
      if (key == null) {
        throw new SettingsException("Expected a configuration key of Hodei, but found \"" + name
            + "\"; the keys are listed in docs/configuration.md.");
      }
      values.put(key, value);
    });
    return new Settings(values);
  }

  /// The same settings with one more value.
  public Settings with(Key key, String value) {
    Map<Key, String> changed = new EnumMap<>(Key.class);
    changed.putAll(values);
    changed.put(key, value);
    return new Settings(changed);
  }

  public String text(Key key) {
    String value = values.get(key);
    return value == null ? key.fallback() : value;
  }

  /// Whether somebody has said it, so that its default does not count.
  public boolean isGiven(Key key) {
    return values.containsKey(key);
  }

  public long number(Key key) {
    return Long.parseLong(text(key).trim());
  }

  public Duration duration(Key key) {
    return durationOf(text(key));
  }

  /// A switch: `true` or `false`.
  public boolean isOn(Key key) {
    return switch (text(key).trim()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("Expected true or false, but found \"" + text(key) + "\".");
    };
  }

  private void percent(Key key) {
    long percent = number(key);
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("Expected 0 to 100, but found " + percent + ".");
    }
  }

  /// A topic's full name in this installation.
  public String topic(io.hodei.schemas.Topic topic) {
    return topic.under(text(Key.TOPICS_PREFIX));
  }

  /// `500ms`, `30s`, `10m`, `1h`, `7d`.
  ///
  /// @throws IllegalArgumentException for anything else
  public static Duration durationOf(String text) {
    Matcher match = DURATION.matcher(text.trim());
    if (!match.matches()) {
      throw new IllegalArgumentException("Expected a duration such as 500ms, 30s, 10m or 1h, but found \"" + text + "\".");
    }
    long amount = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private void check(Key key) {
    try {
      switch (key.kind()) {
        case NUMBER -> number(key);
        case DURATION -> duration(key);
        case SWITCH -> isOn(key);
        case PERCENT -> percent(key);
        case TEXT, SECRET -> text(key);
      }
    } catch (IllegalArgumentException e) {
      String kind = key.kind() == Key.Kind.SWITCH ? "true or false" : key.kind() == Key.Kind.PERCENT ? "a whole number of 0 to 100"
          : "a " + key.kind().name().toLowerCase(Locale.ROOT);
      throw new SettingsException("Expected " + kind + " for " + key.key()
          + ", but found \"" + text(key) + "\".");
    }
  }

  private static Object read(Path file) {
    try (Reader in = Files.newBufferedReader(file)) {
      Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return loaded == null ? Map.of() : loaded;
    } catch (NoSuchFileException e) {
      throw new SettingsException("Expected a configuration file at " + file + ", but there is none.");
    } catch (IOException | RuntimeException e) {
      throw new SettingsException("Expected YAML in " + file + ", but: " + e.getMessage());
    }
  }

  private static void flatten(String path, Object node, Map<String, String> into) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((name, value) -> flatten(path.isEmpty() ? name.toString() : path + "." + name, value, into));
    } else if (path.isEmpty() || node instanceof Iterable<?>) {
      throw new SettingsException("Expected a single value for " + (path.isEmpty() ? "the file" : path) + ", but found a list.");
    } else {
      into.put(path, node == null ? "" : node.toString());
    }
  }
}
