package io.hodei.lifecycle;

import io.hodei.lifecycle.LowWaterMark.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which work runs when: in order for one worker, at once for different ones, creations and destructions each within
/// a limit of their own. A destruction takes the place of whatever waits for the same worker, and nothing is done for
/// a worker whose destruction was asked. Until `open`, work only gathers: so the backlog is folded before anything
/// is done. Pure; thread-safe.
public final class Lanes {
  /// Something to do. `settles`: the commands that are done with it. `maybeThere`: an earlier life, or an earlier
  /// command, may have created the worker already.
  public record Work(Command command, List<Position> settles, boolean maybeThere) {}

  /// What is to be started now, and which commands need nothing any more.
  public record Turn(List<Work> start, List<Position> settled) {}

  private enum Kind { CREATE, DESTROY, TELL }

  private static final class Lane {
    private final Deque<Work> waiting = new ArrayDeque<>();
    private @Nullable Work running;
  }

  private static final int REMEMBERED_WORKERS = 20_000;

  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<Kind, LinkedHashSet<String>> ready = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> running = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> limits;
  private final LinkedHashSet<String> provisioned = new LinkedHashSet<>();
  private final LinkedHashSet<String> condemned = new LinkedHashSet<>();
  private boolean open;

  /// At most so many creations and destructions at once.
  public Lanes(int maxCreates, int maxDestroys) {
    limits = Map.of(Kind.CREATE, maxCreates, Kind.DESTROY, maxDestroys, Kind.TELL, Integer.MAX_VALUE);
    for (Kind kind : Kind.values()) {
      ready.put(kind, new LinkedHashSet<>());
      running.put(kind, 0);
    }
  }

  /// Takes a command; `at` is null for what did not come from the topic.
  public synchronized Turn add(Command command, @Nullable Position at) {
    String id = command.workerId();
    List<Position> settles = new ArrayList<>();
    if (at != null) {
      settles.add(at);
    }
    boolean destroy = command instanceof Command.Destroy;
    if (!destroy && condemned.contains(id)) {
      return new Turn(List.of(), settles);
    }
    Lane lane = lanes.computeIfAbsent(id, key -> new Lane());
    if (destroy) {
      remember(condemned, id);
      lane.waiting.forEach(overtaken -> settles.addAll(overtaken.settles()));
      lane.waiting.clear();
      ready.values().forEach(ids -> ids.remove(id));
    }
    boolean again = command instanceof Command.Provision && !remember(provisioned, id);
    lane.waiting.add(new Work(command, settles, !open || again));
    if (lane.running == null && lane.waiting.size() == 1) {
      ready.get(kind(command)).add(id);
    }
    return new Turn(startable(), List.of());
  }

  /// The backlog is in: from now on work starts as it comes.
  public synchronized Turn open() {
    open = true;
    return new Turn(startable(), List.of());
  }

  /// A work and all its reports are done with.
  public synchronized Turn finished(Work work) {
    String id = work.command().workerId();
    running.merge(kind(work.command()), -1, Integer::sum);
    Lane lane = lanes.get(id);
    if (lane != null) {
      lane.running = null;
      Work next = lane.waiting.peek();
      if (next == null) {
        lanes.remove(id);
      } else {
        ready.get(kind(next.command())).add(id);
      }
    }
    return new Turn(startable(), work.settles());
  }

  /// How much runs or waits.
  synchronized int size() {
    return lanes.size();
  }

  private List<Work> startable() {
    List<Work> start = new ArrayList<>();
    if (open) {
      for (Kind kind : Kind.values()) {
        Iterator<String> ids = ready.get(kind).iterator();
        while (ids.hasNext() && running.getOrDefault(kind, 0) < limits.getOrDefault(kind, 0)) {
          Lane lane = lanes.get(ids.next());
          ids.remove();
          if (lane != null) {
            lane.running = lane.waiting.remove();
            running.merge(kind, 1, Integer::sum);
            start.add(lane.running);
          }
        }
      }
    }
    return start;
  }

  private static Kind kind(Command command) {
    return switch (command) {
      case Command.Provision p -> Kind.CREATE;
      case Command.Destroy d -> Kind.DESTROY;
      case Command.TellExit t -> Kind.TELL;
    };
  }

  private static boolean remember(LinkedHashSet<String> ids, String id) {
    boolean added = ids.add(id);
    if (ids.size() > REMEMBERED_WORKERS) {
      ids.removeFirst();
    }
    return added;
  }
}
