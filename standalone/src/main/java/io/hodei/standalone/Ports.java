package io.hodei.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/// Which port each part has: the recorded one, else the default, else a free one. `replaced` tells in words which wished
/// ports were busy. Immutable.
record Ports(Map<Port, Integer> chosen, List<String> replaced) {
  private static final int STEP = 100;
  private static final int TRIES = 80;

  Ports {
    chosen = Map.copyOf(chosen);
    replaced = List.copyOf(replaced);
  }

  int of(Port port) {
    return chosen.get(port);
  }

  /// Chooses and records. `asked`: the port of the API that was asked for by name, which is never replaced. `kept`: the
  /// ports that something of ours, still running, holds. `claims` has those that were chosen, and possibly more.
  static Ports choose(DataDirectory directory, OptionalInt asked, Set<Port> kept, PortClaims claims) throws IOException {
    return choose(directory, asked, kept, claims::take);
  }

  /// The same beside a running `up`, which has claimed its ports.
  static Ports choose(DataDirectory directory, OptionalInt asked, Set<Port> kept) throws IOException {
    return choose(directory, asked, kept, PortClaims::isFree);
  }

  private static Ports choose(DataDirectory directory, OptionalInt asked, Set<Port> kept, IntPredicate free) throws IOException {
    Map<Port, Integer> recorded = recorded(directory);
    Ports ports = choose(recorded, asked, kept, Math.floorMod(directory.root().hashCode(), 40), free);
    Map<String, Integer> record = new HashMap<>();
    ports.chosen.forEach((port, number) -> record.put(port.name(), number));
    DataDirectory.write(directory.ports(), Json.text(record));
    return ports;
  }

  static Ports choose(Map<Port, Integer> recorded, OptionalInt asked, Set<Port> kept, int seed, IntPredicate free) {
    Map<Port, Integer> chosen = new EnumMap<>(Port.class);
    List<String> replaced = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (Port port : Port.values()) {
      boolean named = port == Port.API && asked.isPresent();
      int wished = named ? asked.getAsInt() : recorded.getOrDefault(port, port.standard());
      int number = wished;
      if (!kept.contains(port) && (taken.contains(wished) || !free.test(wished))) {
        if (named) {
          throw new StandaloneException("Expected port " + wished + " to be free, but another program has it; "
              + "stop that, or give another one with --port.");
        }
        number = another(port, seed, taken, free);
        replaced.add("port " + wished + " is busy: " + port.label() + " takes " + number);
      }
      taken.add(number);
      chosen.put(port, number);
    }
    return new Ports(chosen, replaced);
  }

  /// Below the range from which outgoing connections take theirs. Installations begin at different places, so that each
  /// finds its own again.
  private static int another(Port port, int seed, Set<Integer> taken, IntPredicate free) {
    for (int i = 0; i < TRIES; i++) {
      int number = port.standard() + STEP * (1 + (seed + i) % TRIES);
      if (!taken.contains(number) && free.test(number)) {
        return number;
      }
    }
    throw new StandaloneException("Expected a free port for " + port.label() + " near " + port.standard()
        + ", but found none in " + TRIES + " tries; stop what holds them.");
  }

  private static Map<Port, Integer> recorded(DataDirectory directory) throws IOException {
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    if (Files.exists(directory.ports())) {
      JsonNode record = Json.MAPPER.readTree(directory.ports().toFile());
      for (Port port : Port.values()) {
        int number = record.path(port.name()).asInt(0);
        if (number > 0 && number < 65536) {
          ports.put(port, number);
        }
      }
    }
    return ports;
  }
}
