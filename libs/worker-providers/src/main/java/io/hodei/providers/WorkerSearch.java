package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds this installation's workers by the marks of the processes and by the directories. Any thread.
///
/// A limit mark cannot be turned back into an id: a process that carries nothing else counts for a worker that is known
/// by its directory or by another process, and is in no answer when there is neither; a destruction of its id finds it.
final class WorkerSearch {
  private static final Set<String> ABOUT_TO_LEAD = Set.of(LimitMarking.PRLIMIT, AgentLaunch.SETSID);

  private final ProcessSite site;
  private final ProcTable table;
  private final ScratchDirectories directories;
  private final int self;

  WorkerSearch(ProcessSite site, ProcTable table, ScratchDirectories directories, int self) {
    this.site = site;
    this.table = table;
    this.directories = directories;
    this.self = self;
  }

  /// Every worker with its marked processes; none for one that has only a directory.
  Map<String, List<Proc>> look() throws ProviderException {
    Map<String, List<Proc>> found = new HashMap<>();
    try {
      directories.list().forEach(id -> found.put(id, new ArrayList<>()));
    } catch (IOException e) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE,
          "Expected to list the workers in " + site.workersDir() + ", but: " + e, e);
    }
    List<Proc> processes = table.look();
    for (Proc process : processes) {
      WorkerMark mark = process.mark();
      if (mark != null && mark.installationId().equals(site.installationId()) && process.pid() != self) {
        found.computeIfAbsent(mark.workerId(), id -> new ArrayList<>()).add(process);
      }
    }
    addByLimit(processes, found);
    return found;
  }

  private void addByLimit(List<Proc> processes, Map<String, List<Proc>> found) {
    Map<LimitMark, List<Proc>> byLimit = new HashMap<>();
    found.forEach((id, marked) -> byLimit.put(LimitMark.of(new WorkerMark(site.installationId(), id)), marked));
    for (Proc process : processes) {
      List<Proc> marked = process.limit() == null ? null : byLimit.get(process.limit());
      if (marked != null && process.pid() != self && !marked.contains(process)) {
        marked.add(process);
      }
    }
  }

  List<WorkerItem> items() throws ProviderException {
    List<WorkerItem> items = new ArrayList<>();
    look().forEach((id, processes) -> {
      Optional<Proc> agent = agentAmong(id, processes);
      boolean directory = directories.exists(id);
      // Destroyed while we looked: nothing of it is left to tell of.
      if (directory || processes.stream().anyMatch(p -> table.again(p).isPresent())) {
        items.add(new WorkerItem(id, agent.map(a -> Integer.toString(a.pid())).orElse(null),
            directories.madeAt(id).orElse(null), agent.isPresent(), inWords(id, agent.orElse(null), processes.size(), directory)));
      }
    });
    return items;
  }

  /// The agent is the process whose last argument is the worker's file and that leads its session, or is about to. (A
  /// process that the agent forks shows the agent's arguments until its exec.)
  Optional<Proc> agentAmong(String id, List<Proc> processes) {
    String file = directories.workerFile(id).toString();
    return processes.stream()
        .sorted(Comparator.comparingLong(Proc::startTicks).thenComparingInt(Proc::pid))
        .filter(process -> {
          List<String> arguments = table.arguments(process);
          return !arguments.isEmpty()
              && arguments.getLast().equals(file)
              && (ABOUT_TO_LEAD.contains(arguments.getFirst()) || table.again(process).filter(Proc::leadsSession).isPresent());
        })
        .findFirst();
  }

  private static String inWords(String id, @Nullable Proc agent, int processes, boolean directory) {
    List<String> parts = new ArrayList<>();
    if (WorkerMark.standsIn(id)) {
      parts.add("marked with an unsafe worker id");
    }
    parts.add(agent == null ? "agent dead" : "agent " + agent.pid());
    if (processes > 0) {
      parts.add(processes == 1 ? "one process" : processes + " processes");
    }
    if (directory) {
      parts.add("scratch directory");
    }
    return String.join(", ", parts);
  }
}
