package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Workers as processes of this host: a worker is one agent JVM in its own session, everything it starts, and one
/// directory. For trusted jobs only: they run as the user of this service.
///
/// Any thread; calls for one worker id must not overlap. Found again by marks (two variables in the environment, and a
/// limit that follows from the worker id) and by directory, never by memory, so workers survive this provider, and closing
/// it leaves them alone. A death that `destroy` ordered is told by its answer and not by the watch.
///
/// A process that is marked with an unsafe worker id has a stand-in for it in the inventory, by which it is destroyed; no
/// directory is ever named by the raw id.
///
/// Known limit: a process that sets its own limit of file locks, which any process may, *and* clears its environment,
/// leaves its session and loses its parent is out of sight once its agent, which adopts such orphans, was killed.
public final class ProcessProvider implements WorkerProvider {
  private final ProcessSite site;
  private final AgentStart agentStart;
  private final ProcTable table = ProcTable.ofThisHost();
  private final ScratchDirectories directories;
  private final WorkerSearch search;
  private final AgentWatch watch = new AgentWatch(table);
  private final int self = Math.toIntExact(ProcessHandle.current().pid());
  /// Workers that were created or destroyed before the adoption was through: not the adoption's business.
  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private volatile boolean adoptionDone;

  public ProcessProvider(ProcessSite site) {
    this(site, AgentLaunch.ofDirectory(site.agentDir().toAbsolutePath(), site.java()), new LimitMarking(LimitMarking.PRLIMIT));
  }

  ProcessProvider(ProcessSite site, AgentLaunch launch, LimitMarking marking) {
    this.site = site;
    this.directories = new ScratchDirectories(site.workersDir(), site.installationId());
    this.agentStart = new AgentStart(site, launch, marking, directories);
    this.search = new WorkerSearch(site, table, directories, self);
    // The first signal costs tens of milliseconds of linking: now, and not in the first destruction.
    Signals.send(self, 0);
  }

  @Override
  public String type() {
    return "process";
  }

  @Override
  public String providerId() {
    return site.providerId();
  }

  @Override
  public CreatedWorker create(WorkerLaunch worker) throws ProviderException {
    String id = requireSafe(worker.workerId(), Reason.PROVISION_FAILED);
    if (!worker.shape().equals(WorkerShape.NONE)) {
      throw new ProviderException(Reason.START_FAILED, "Expected neither an image nor resources nor a providerConfig for worker " + id + ", which is a process, but found "
          + worker.shape() + "; run the job in a pool of containers or pods");
    }
    handling(id);
    try {
      if (!directories.claim(id)) {
        if (!directories.exists(id)) {
          throw new IOException("it is another installation's");
        }
        Optional<CreatedWorker> there = existing(id);
        if (there.isPresent()) {
          return there.get();
        }
        directories.remove(id);
        directories.claim(id);
      }
      return start(id, worker);
    } catch (IOException e) {
      throw new ProviderException(Reason.PROVISION_FAILED,
          "Expected to start worker " + id + " in " + directories.of(id) + ", but: " + e, e);
    }
  }

  /// What there is of a worker whose directory exists; empty when its agent was never started: its log is made
  /// just before.
  private Optional<CreatedWorker> existing(String id) throws ProviderException {
    List<Proc> processes = kill(id).look();
    Optional<Proc> agent = search.agentAmong(id, processes);
    if (agent.isPresent()) {
      watch.adopt(id, agent.get());
      return Optional.of(new CreatedWorker(id, Integer.toString(agent.get().pid()), true));
    }
    if (processes.isEmpty() && !Files.exists(directories.agentLog(id))) {
      return Optional.empty();
    }
    watch.foundDead(id);
    return Optional.of(new CreatedWorker(id, "", true));
  }

  private CreatedWorker start(String id, WorkerLaunch worker) throws IOException, ProviderException {
    Process process = agentStart.run(worker);
    watch.started(id, process, new AgentLog(directories.agentLog(id))::lastWords);
    return new CreatedWorker(id, Long.toString(process.pid()), false);
  }

  @Override
  public DestroyedWorker destroy(String workerId, Duration grace) throws ProviderException {
    String id = requireSafe(workerId, Reason.DESTROY_FAILED);
    handling(id);
    watch.ordered(id);
    WorkerKill kill = kill(id);
    List<Proc> processes = kill.look();
    boolean existed = !processes.isEmpty() || directories.exists(id);
    Optional<Proc> agent = search.agentAmong(id, processes);
    if (agent.isPresent() && grace.isPositive()) {
      kill.ask(agent.get(), grace);
      processes = kill.look();
    }
    kill.end(processes);
    try {
      directories.remove(id);
    } catch (IOException e) {
      throw new ProviderException(Reason.DESTROY_FAILED, "Expected to remove the directory of worker " + id
          + ", but: " + e + "; remove it as its owner or as root", e);
    }
    if (directories.exists(id)) {
      throw new ProviderException(Reason.DESTROY_FAILED,
          "Expected " + directories.of(id) + " removed, but it is there again; destroy the worker again");
    }
    watch.forget(id);
    return new DestroyedWorker(id, existed, Instant.now());
  }

  @Override
  public Inventory inventory() throws ProviderException {
    Instant startedAt = Instant.now();
    List<WorkerItem> items = search.items();
    return new Inventory(providerId(), startedAt, Instant.now(), items);
  }

  @Override
  public void watch(Consumer<WorkerExit> onExit) {
    watch.start(onExit, () -> {
      search.look().forEach((id, processes) -> {
        if (!handled.contains(id)) {
          search.agentAmong(id, processes).ifPresentOrElse(a -> watch.adopt(id, a), () -> watch.foundDead(id));
        }
      });
      adoptionDone = true;
      handled.clear();
    });
  }

  @Override
  public void close() {
    watch.close();
  }

  private void handling(String id) {
    if (!adoptionDone) {
      handled.add(id);
    }
  }

  private WorkerKill kill(String id) {
    return new WorkerKill(table, new WorkerMark(site.installationId(), id), self, watch.deadAgent(id));
  }

  private static String requireSafe(String workerId, Reason reason) throws ProviderException {
    if (!WorkerMark.safe(workerId)) {
      throw new ProviderException(reason, "Expected a worker id of 1 to 63 letters, digits, '.', '_' and '-', but found '"
          + workerId.replaceAll("[^A-Za-z0-9._/-]", "?") + "'");
    }
    return workerId;
  }
}
