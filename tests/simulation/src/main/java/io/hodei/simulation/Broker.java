package io.hodei.simulation;

import io.hodei.dispatcher.ShardInbox;
import io.hodei.domain.Job;
import io.hodei.domain.JobId;
import io.hodei.domain.Outcome;
import io.hodei.domain.ParkedCancel;
import io.hodei.domain.Provider;
import io.hodei.domain.Remembered;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerId;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Pool;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Kafka: partitions that keep their order and whatever was acknowledged, rows folded from the changelogs, transactions of which all or nothing
/// is seen, and a fence against a dispatcher that was declared dead.
final class Broker {
  /// What a dispatcher has written and not committed yet.
  static final class Transaction {
    final List<Outcome> outcomes = new ArrayList<>();
    final List<WorkerCommand> commands = new ArrayList<>();
    final List<Pool> pools = new ArrayList<>();
    final List<Pool> changedPools = new ArrayList<>();
    final List<Flag> changedFlags = new ArrayList<>();
    long requests;
    long control;
    long reports;

    boolean isEmpty(Broker before) {
      return outcomes.stream().allMatch(Broker::saysNothing) && commands.isEmpty() && pools.isEmpty() && changedFlags.isEmpty()
          && requests == before.requestsRead && control == before.controlRead && reports == before.reportsRead;
    }
  }

  final Partition<ShardInbox.Request> requests = new Partition<>("hodei.job-requests");
  final Partition<ControlCommand> control = new Partition<>("hodei.control");
  final Partition<WorkerReport> reports = new Partition<>("hodei.worker-reports");
  final Partition<WorkerCommand> commands = new Partition<>("hodei.worker-commands");
  final Partition<InventorySnapshot> inventory = new Partition<>("hodei.worker-inventory");
  /// The keys of worker-state, in the order of its records.
  final Partition<WorkerId> workerState = new Partition<>("hodei.worker-state");
  final Partition<Pool> pools = new Partition<>("hodei.pools");

  final Map<JobId, Job> jobs = new LinkedHashMap<>();
  final Map<WorkerId, Worker> workers = new LinkedHashMap<>();
  final Map<String, Remembered> ledger = new LinkedHashMap<>();
  final Map<JobId, ParkedCancel> parked = new LinkedHashMap<>();
  final Map<String, Provider> providers = new LinkedHashMap<>();
  final Map<String, Pool> poolRows = new LinkedHashMap<>();
  final Map<String, Flag> flagRows = new LinkedHashMap<>();

  private final World world;
  private final Map<JobId, @Nullable Job> jobsBefore = new LinkedHashMap<>();
  private int dispatcher;
  private long requestsRead;
  private long controlRead;
  private long reportsRead;
  private long awayUntil;

  Broker(World world) {
    this.world = world;
  }

  boolean isAway() {
    return world.clockwork.now() < awayUntil;
  }

  void goAway(long millis) {
    awayUntil = Math.max(awayUntil, world.clockwork.now() + millis);
  }

  long millisAway() {
    return Math.max(0, awayUntil - world.clockwork.now());
  }

  /// With a mutant, a dispatcher finds less than was committed.
  void takenOver() {
    if (world.mutant == Mutant.RESTORE_CUT_SHORT) {
      jobsBefore.forEach((id, job) -> put(jobs, id, job));
    }
  }

  /// What was read by a dispatcher that died before it committed; with a mutant nobody reads it again.
  void abandoned(Transaction transaction) {
    if (world.mutant == Mutant.OFFSET_BEFORE_WORK) {
      requestsRead = Math.max(requestsRead, transaction.requests);
    }
  }

  /// A new dispatcher begins; whoever was before is fenced.
  int fence() {
    return ++dispatcher;
  }

  Transaction begin() {
    Transaction transaction = new Transaction();
    transaction.requests = requestsRead;
    transaction.control = controlRead;
    transaction.reports = reportsRead;
    return transaction;
  }

  boolean hasInput() {
    return hasAsks() || reportsRead < reports.end();
  }

  /// Requests or commands that nobody has decided.
  boolean hasAsks() {
    return requestsRead < requests.end() || controlRead < control.end();
  }

  private boolean isOff(String name) {
    Flag flag = flagRows.get(name);
    return flag != null && flag.getValue().equals("false");
  }

  /// False when `epoch` was fenced: nothing of it is ever seen.
  boolean commit(int epoch, Transaction transaction) {
    if (epoch != dispatcher && world.mutant != Mutant.ZOMBIE_NOT_FENCED) {
      return false;
    }
    for (long offset = controlRead; offset < transaction.control; offset++) {
      world.witness.controlled(control.at(offset));
    }
    requestsRead = transaction.requests;
    controlRead = transaction.control;
    reportsRead = transaction.reports;
    for (Pool pool : transaction.changedPools) {
      poolRows.put(pool.getName(), pool);
    }
    for (Pool pool : transaction.pools) {
      world.witness.pool(pool);
      pools.append(pool);
    }
    boolean sameFlags = transaction.changedFlags.isEmpty();
    world.witness.flags(sameFlags && isOff("hodei.lifecycle.enabled"), sameFlags && isOff("hodei.lifecycle.immediate-cleanup"));
    transaction.changedFlags.forEach(flag -> flagRows.put(flag.getName(), flag));
    if (isOff("hodei.lifecycle.enabled")) {
      world.weather.trouble(0);
    }
    jobsBefore.clear();
    transaction.outcomes.forEach(this::apply);
    for (WorkerCommand command : transaction.commands) {
      world.witness.commanded(command);
      commands.append(command);
    }
    return true;
  }

  private void apply(Outcome outcome) {
    outcome.events().forEach(world.witness::recorded);
    outcome.jobs().forEach((id, job) -> {
      world.witness.row(job);
      jobsBefore.putIfAbsent(id, jobs.get(id));
      if (job instanceof Job.Ended) {
        jobs.remove(id);
      } else if (world.mutant != Mutant.ROW_FORGOTTEN || !(job instanceof Job.Running)) {
        jobs.put(id, job);
      }
    });
    outcome.workers().forEach((id, worker) -> {
      put(workers, id, worker);
      world.witness.row(id, worker);
      workerState.append(id);
    });
    outcome.ledger().forEach((key, entry) -> put(ledger, key, entry));
    outcome.parked().forEach((job, cancel) -> put(parked, job, cancel));
    providers.putAll(outcome.providers());
  }

  private static <K, V> void put(Map<K, V> rows, K key, @Nullable V row) {
    if (row == null) {
      rows.remove(key);
    } else {
      rows.put(key, row);
    }
  }

  private static boolean saysNothing(Outcome outcome) {
    return outcome.events().isEmpty() && outcome.effects().isEmpty() && outcome.jobs().isEmpty() && outcome.workers().isEmpty()
        && outcome.ledger().isEmpty() && outcome.parked().isEmpty() && outcome.providers().isEmpty();
  }
}
