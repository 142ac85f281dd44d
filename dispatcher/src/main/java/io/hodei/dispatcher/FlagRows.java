package io.hodei.dispatcher;

import io.hodei.domain.Flags;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The flags of a shard as records of `hodei.flags`, which are also the rows in the store: the start values of the configuration until
/// somebody has set them. Used by one stream thread.
public final class FlagRows {
  private final Map<String, Flag> rows = new LinkedHashMap<>();

  /// @param start the configuration
  public FlagRows(Settings start) {
    for (Key key : List.of(Key.LIFECYCLE_ENABLED, Key.IMMEDIATE_CLEANUP, Key.IMMEDIATE_CLEANUP_PERCENT)) {
      rows.put(key.key(), Flag.newBuilder().setName(key.key()).setValue(start.text(key).trim()).setGeneration(0).build());
    }
  }

  /// A row of the store; it goes before the configuration. One of a flag that is no more is left out.
  public void restore(Flag row) {
    rows.computeIfPresent(row.getName(), (name, start) -> row);
  }

  List<Flag> all() {
    return List.copyOf(rows.values());
  }

  Flags flags() {
    return read(rows);
  }

  /// Applies a SetFlags: all of it or nothing. Answers the rows of the named flags; one that has its value already keeps its generation.
  ///
  /// @throws UnreadableException naming the flag that is unknown or has no value of its kind
  List<Flag> set(ControlCommand command, Instant at) {
    if (command.getFlags().isEmpty()) {
      throw new UnreadableException("Expected flags in SetFlags, but found none.");
    }
    Map<String, Flag> changed = new LinkedHashMap<>(rows);
    List<Flag> named = new ArrayList<>();
    command.getFlags().forEach((name, value) -> {
      Flag before = rows.get(name);
      if (before == null) {
        throw new UnreadableException("Expected a flag among " + String.join(", ", rows.keySet()) + ", but found \"" + name + "\".");
      }
      Flag after = before.getValue().equals(value) && before.getChangedAt() != null ? Flag.newBuilder(before).setCommandId(command.getCommandId()).build()
          : Flag.newBuilder().setName(name).setValue(value).setGeneration(before.getGeneration() + 1).setChangedAt(at)
              .setActor(command.getActor()).setCommandId(command.getCommandId()).build();
      changed.put(name, after);
      named.add(after);
    });
    read(changed);
    rows.putAll(changed);
    return named;
  }

  private static Flags read(Map<String, Flag> rows) {
    return new Flags(on(rows, Key.LIFECYCLE_ENABLED), on(rows, Key.IMMEDIATE_CLEANUP), percent(rows));
  }

  private static boolean on(Map<String, Flag> rows, Key key) {
    String value = Wire.given(rows.get(key.key()), key.key()).getValue();
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new UnreadableException("Expected true or false for " + key.key() + ", but found \"" + value + "\".");
    };
  }

  private static int percent(Map<String, Flag> rows) {
    String value = Wire.given(rows.get(Key.IMMEDIATE_CLEANUP_PERCENT.key()), "percent").getValue();
    if (!value.matches("\\d{1,2}|100")) {
      throw new UnreadableException("Expected a whole number of 0 to 100 for " + Key.IMMEDIATE_CLEANUP_PERCENT.key() + ", but found \"" + value + "\".");
    }
    return Integer.parseInt(value);
  }
}
