package io.hodei.simulation;

import io.hodei.dispatcher.EventRecords;
import io.hodei.dispatcher.JobRows;
import io.hodei.dispatcher.WorkerRows;
import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobReason;
import io.hodei.domain.JobState;
import io.hodei.domain.Recorded;
import io.hodei.domain.Shard;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerId;
import io.hodei.domain.WorkerState;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Pool;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerReport;
import io.hodei.testkit.Event;
import io.hodei.testkit.History;
import io.hodei.testkit.JobRow;
import io.hodei.testkit.Mark;
import io.hodei.testkit.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees everything: what is committed, and what really exists and runs. Judges each step at once where a look at it is enough, and keeps the facts
/// of which the test-kit's checkers judge the whole.
final class Witness {
  private record Seen(Recorded recorded, Instant at) {}

  /// Of an event in the trace.
  private static final int LONGEST = 130;

  final Promptness promptness;
  private final World world;
  private final QueueWatch queue;
  private final PoolWatch pools;
  private final List<Seen> seen = new ArrayList<>();
  private final Map<String, JobRow> rows = new LinkedHashMap<>();
  private final Set<String> over = new HashSet<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Sighting> sightings = new ArrayList<>();
  private final Map<String, List<Execution>> alive = new HashMap<>();
  private final Map<String, String> offers = new HashMap<>();
  private final Set<WorkerId> holders = new HashSet<>();
  private final Set<WorkerId> creating = new HashSet<>();
  private int capacity;
  private int capacityBefore;
  private boolean provisioned;
  private boolean stopped;
  private long commits;
  private @Nullable Broken broken;
  private @Nullable Instant quietAt;

  Witness(World world) {
    this.world = world;
    this.promptness = new Promptness(world);
    this.queue = new QueueWatch(world);
    this.pools = new PoolWatch(world);
    this.capacity = world.climate.defaultPool().maxWorkers();
    this.capacityBefore = capacity;
  }

  /// The first one counts, and ends the world.
  void broken(String promise, String subject, String sentence) {
    if (broken == null) {
      broken = new Broken(promise, subject, sentence, world.clockwork.steps());
    }
  }

  @Nullable Broken broken() {
    return broken;
  }

  void quiet() {
    quietAt = world.clockwork.instant();
  }

  boolean isOver(String job) {
    return over.contains(job);
  }

  int jobsOver() {
    return over.size();
  }

  // What is committed.

  /// Before anything that follows from it.
  void controlled(ControlCommand command) {
    String job = command.getJobId();
    if (job != null && command.getType().equals("CancelJob") && !over.contains(job)) {
      JobPlan plan = world.client.planOf(job);
      if (plan != null) {
        plan.cancelDecided();
      }
    }
    if (command.getType().equals("DrainWorker")) {
      pools.drained(new WorkerId(String.valueOf(command.getWorkerId())));
    }
  }

  /// The lifecycle is off, or workers are left to garbage collection, before and after the transaction that is committed now.
  void flags(boolean lifecycleOff, boolean immediateCleanupOff) {
    stopped = lifecycleOff;
    pools.immediateCleanup(immediateCleanupOff);
  }

  void pool(Pool pool) {
    capacity = pool.getMaxWorkers();
    capacityBefore = Math.max(capacityBefore, capacity);
  }

  void recorded(Recorded recorded) {
    seen.add(new Seen(recorded, world.clockwork.instant()));
    switch (recorded) {
      case Recorded.OfJob event -> {
        String job = event.after().id().value();
        world.told(job, event.after().assignment() == null ? null : event.after().assignment().worker().value(),
            () -> "≫ " + brief(event.event()) + " → " + event.after().state() + " (" + event.cause().causationId() + ")");
        promptness.recorded(event);
        queue.recorded(event);
        pools.recorded(event);
        world.weather.recorded(event);
        if (event.event() instanceof JobEvent.JobCompleted end) {
          over.add(job);
          liveOne(job, "it is " + end.state());
          notGivenUp(event.after(), end);
        }
      }
      case Recorded.OfWorker event -> {
        String worker = event.after().id().value();
        world.told(event.after().head().binding() == null ? null : event.after().head().binding().job().value(), worker,
            () -> "≫ " + brief(event.event()) + " → " + event.after().state() + " (" + event.cause().causationId() + ")");
        promptness.recorded(event);
        pools.recorded(event);
        told(worker, event);
      }
      case Recorded.OfProvider event -> world.told(null, null, () -> "≫ " + event.event().type() + " " + event.after().id());
      case Recorded.OfRejection event -> world.told(event.id().value(), null, () -> "≫ JobRejected " + event.code());
    }
  }

  /// These jobs ask to be tried again after every failure.
  private void notGivenUp(Job job, JobEvent.JobCompleted end) {
    int allowed = job.head().spec().retry().maxAttempts();
    if (end.state() == JobState.FAILED && end.result().reason() != JobReason.REFUSED && job.head().cancel() == null && job.head().attempt() < allowed) {
      broken("RetriedWhileAllowed", job.id().value(), "it is FAILED for " + end.result().reason() + " after attempt " + job.head().attempt() + " of " + allowed);
    }
  }

  private static String brief(Object event) {
    String text = event.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  private void told(String worker, Recorded.OfWorker event) {
    switch (event.event()) {
      case WorkerEvent.WorkerProvisioningRequested made -> {
        provisioned = true;
        if (stopped) {
          broken("NothingWhileSwitchedOff", worker, "it is made, but the lifecycle is off");
        }
      }
      case WorkerEvent.WorkerTerminated gone -> {
        if (world.hasInfrastructure(worker)) {
          broken("NoLeak", worker, "it is TERMINATED, but there is infrastructure of it");
        }
      }
      case WorkerEvent.WorkerLost lost when event.cause().causationId().equals("timer:lease") -> {
        AgentPart agent = world.agentOf(worker);
        if (agent != null && agent.isWellInContact()) {
          broken("NothingBusyIsKilled", worker, "it is lost for silence, but its agent's beats have been answered all the time, the last "
              + (world.clockwork.now() - agent.lastBeat()) + " ms ago");
        }
      }
      default -> {
      }
    }
  }

  void row(Job job) {
    JobPlan plan = world.client.planOf(job.id().value());
    rows.put(job.id().value(), new JobRow(job.id().value(), job.state().name(), plan == null ? null : plan.key(), job.head().history().sequence()));
  }

  void row(WorkerId id, @Nullable Worker worker) {
    if (worker != null && worker.holdsSlot()) {
      holders.add(id);
    } else {
      holders.remove(id);
    }
    if (worker != null && (worker.state() == WorkerState.CREATING || worker.state() == WorkerState.CONNECTING)) {
      creating.add(id);
    } else {
      creating.remove(id);
    }
  }

  void commanded(WorkerCommand command) {
    String worker = String.valueOf(command.getWorkerId());
    if (command.getType().equals("AssignJob")) {
      String before = offers.putIfAbsent(command.getJobId() + "#" + command.getEpoch(), worker);
      if (before != null && !before.equals(worker)) {
        broken("OneOffer", String.valueOf(command.getJobId()), "epoch " + command.getEpoch() + " is offered to " + worker + ", but was offered to " + before);
      }
    } else if (command.getType().equals("DestroyWorker")) {
      if (stopped) {
        broken("NothingWhileSwitchedOff", worker, "its destruction is commanded, but the lifecycle is off");
      }
      Worker row = world.broker.workers.get(new WorkerId(worker));
      if (row != null && row.state() != WorkerState.TERMINATING && row.state() != WorkerState.TERMINATED) {
        broken("NothingBusyIsKilled", worker, "its destruction is commanded while it is " + row.state());
      }
    }
  }

  /// After a commit: the live shard against the rows that a restart would find.
  void compare(Shard shard) {
    if (provisioned && holders.size() > Math.max(capacity, capacityBefore)) {
      broken("SlotsWithinCapacity", "default", holders.size() + " workers hold a slot, but there are " + capacity);
    }
    provisioned = false;
    capacityBefore = capacity;
    queue.compare(holders.size(), creating.size());
    pools.compare();
    if (world.mutant == Mutant.ZOMBIE_NOT_FENCED || world.mutant == Mutant.RESTORE_CUT_SHORT) {
      // Without this the paths of the events must tell.
      return;
    }
    if (shard.openJobs().size() != world.broker.jobs.size() || shard.workers().size() != world.broker.workers.size()) {
      broken("FoldedIsLive", "dispatcher", "it has " + shard.openJobs().size() + " jobs and " + shard.workers().size() + " workers, but the folded log "
          + world.broker.jobs.size() + " and " + world.broker.workers.size());
    }
    if (++commits % 64 == 0) {
      shard.openJobs().forEach(job -> {
        Job stored = world.broker.jobs.get(job.id());
        if (stored == null || (stored != job && !JobRows.write(stored).equals(JobRows.write(job)))) {
          broken("FoldedIsLive", job.id().value(), "the live job is not the stored one");
        }
      });
      shard.workers().forEach(worker -> {
        Worker stored = world.broker.workers.get(worker.id());
        if (stored == null || (stored != worker && !WorkerRows.write(stored).equals(WorkerRows.write(worker)))) {
          broken("FoldedIsLive", worker.id().value(), "the live worker is not the stored one");
        }
      });
    }
  }

  // What garbage collection says.

  void found(WorkerReport finding) {
    String id = String.valueOf(finding.getWorkerId());
    Worker row = world.broker.workers.get(new WorkerId(id));
    if (finding.getType().equals("OrphanFound") && row != null && !row.state().isTerminal()) {
      broken("OrphansAreOrphans", id, "it is taken for an orphan, but its row says " + row.state());
    }
    if (finding.getType().equals("GhostFound") && row != null && world.existsSince(id, row.head().since())) {
      broken("GhostsAreGone", id, "it is taken for a ghost, but its infrastructure has been there all the time");
    }
  }

  // What really is.

  void made(String worker) {
    sightings.add(new Sighting(worker, world.clockwork.instant(), "infrastructure, just made"));
    Worker row = world.broker.workers.get(new WorkerId(worker));
    if (row != null && row.state() == WorkerState.TERMINATED) {
      broken("NoLeak", worker, "it is TERMINATED, but infrastructure of it is made");
    }
  }

  void began(Execution execution) {
    String job = execution.job();
    marks.add(new Mark(Mark.START, job, execution.attempt(), execution.worker(), world.clockwork.instant()));
    liveOne(job, "attempt " + execution.attempt() + " begins on " + execution.worker());
    alive.computeIfAbsent(job, none -> new ArrayList<>()).add(execution);
  }

  void ended(Execution execution) {
    marks.add(new Mark(Mark.END, execution.job(), execution.attempt(), execution.worker(), world.clockwork.instant()));
    List<Execution> own = alive.get(execution.job());
    if (own != null) {
      own.remove(execution);
    }
  }

  private void liveOne(String job, String what) {
    for (Execution execution : alive.getOrDefault(job, List.of())) {
      broken("NoTwoLiveExecutions", job, what + " while attempt " + execution.attempt() + " lives on " + execution.worker());
    }
  }

  // The whole.

  /// How often there was each event, end and timer, and each trouble that befell something under way.
  Map<String, Long> met() {
    Counts met = new Counts();
    for (Seen each : seen) {
      String cause = each.recorded().cause().causationId();
      if (cause.startsWith("timer:")) {
        met.add(cause);
      }
      switch (each.recorded()) {
        case Recorded.OfJob event -> {
          met.add(event.event().type());
          if (event.event() instanceof JobEvent.JobCompleted end) {
            met.add(end.state().name());
            met.add(end.state() + "/" + end.result().reason());
          }
        }
        case Recorded.OfWorker event -> {
          met.add(event.event().type());
          if (event.event() instanceof WorkerEvent.WorkerBusy && event.after().head().jobsRun() > 0) {
            met.add("WorkerBusy again");
          } else if (event.event() instanceof WorkerEvent.WorkerDraining draining && draining.actor() == null) {
            met.add("WorkerDraining, kept");
          }
        }
        case Recorded.OfProvider event -> met.add(event.event().type());
        case Recorded.OfRejection event -> met.add(event.code());
      }
    }
    world.climate.struck().forEach((trouble, times) -> met.add("✗ " + trouble, times));
    return met.all();
  }

  History history() {
    EventRecords records = new EventRecords(world::nextId);
    List<Event> jobs = new ArrayList<>();
    List<Event> workers = new ArrayList<>();
    for (Seen each : seen) {
      switch (records.write(each.recorded()).value()) {
        case io.hodei.schemas.JobEvent e -> jobs.add(new Event("hodei.job-events", jobs.size(), e.getType(), e.getEventId(), each.at(),
            e.getSequence() == null ? 0 : e.getSequence(), e.getJobId(), e.getWorkerId(), e.getAttempt(), e.getFromState(), e.getToState(), e.getReason(), e.getCausationId(), e.getPool()));
        case io.hodei.schemas.WorkerEvent e -> workers.add(new Event("hodei.worker-events", workers.size(), e.getType(), e.getEventId(), each.at(),
            e.getSequence() == null ? 0 : e.getSequence(), e.getJobId(), e.getWorkerId(), e.getAttempt(), e.getFromState(), e.getToState(), e.getReason(), e.getCausationId(), e.getPool()));
        default -> {
        }
      }
    }
    return new History(world.client.submissions(), jobs, workers, List.of(), List.copyOf(rows.values()), List.of(), marks, sightings, List.of(), Map.of(), quietAt);
  }
}
