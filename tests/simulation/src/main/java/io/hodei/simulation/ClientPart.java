package io.hodei.simulation;

import io.hodei.dispatcher.ShardInbox;
import io.hodei.domain.JobId;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestIds;
import io.hodei.domain.WorkerId;
import io.hodei.schemas.ControlCommand;
import io.hodei.testkit.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Clients: they submit until they are told that it was taken, and now and then again; the same id with another body; they cancel, also what is
/// not there yet. And whoever drains, destroys, changes pools and flags.
final class ClientPart {
  private static final JobPlan NOBODYS = new JobPlan(new Dice(0), new Climate(new Dice(0), null), null, -1);

  private final World world;
  private final Map<String, JobPlan> plans = new LinkedHashMap<>();
  private final Map<String, JobPlan> byJob = new HashMap<>();
  private int unfinished;

  ClientPart(World world) {
    this.world = world;
  }

  void start() {
    long at = 0;
    for (int number = 1; number <= world.climate.jobs(); number++) {
      JobPlan plan = new JobPlan(world.dice, world.climate, world.mutant, number);
      plans.put(plan.name(), plan);
      if (plan.id() != null) {
        byJob.put(plan.id(), plan);
      }
      at += world.dice.between(0, 2 * world.climate.spacing());
      unfinished++;
      world.clockwork.after(at, () -> submit(plan));
      if (!world.climate.isQuietFromTheStart() && world.dice.oneIn(6)) {
        unfinished++;
        world.clockwork.after(at + world.dice.between(1, 40_000), () -> again(plan, plan.reading()));
      }
      if (!world.climate.isQuietFromTheStart() && world.dice.oneIn(40)) {
        unfinished++;
        world.clockwork.after(at + world.dice.between(500, 20_000), () -> again(plan, plan.conflicting()));
      }
      if (plan.isCancelled() && plan.id() != null) {
        unfinished++;
        world.clockwork.after(Math.max(0, at + world.dice.between(-2_000, 12_000)), () -> cancel(plan.id()));
      }
    }
  }

  /// Nobody wants anything more.
  boolean isDone() {
    return unfinished == 0;
  }

  /// What the processes of a job do.
  JobPlan plan(String job) {
    return byJob.getOrDefault(job, NOBODYS);
  }

  @Nullable JobPlan planOf(String job) {
    return byJob.get(job);
  }

  private void submit(JobPlan plan) {
    if (world.broker.isAway()) {
      // 503: the outcome is unknown, and the record may have been written all the same.
      world.clockwork.after(world.dice.between(500, 5_000), () -> submit(plan));
      return;
    }
    boolean unknown = world.climate.losesAcknowledgement(world.dice);
    if (!unknown || world.dice.oneIn(3)) {
      write(plan, plan.reading(), plan.id() != null);
    } else if (world.dice.oneIn(2)) {
      unfinished++;
      world.clockwork.after(world.dice.between(1_000, 20_000), () -> {
        write(plan, plan.reading(), plan.id() != null);
        unfinished--;
      });
    }
    if (unknown) {
      world.clockwork.after(world.dice.between(10, 3_000), () -> submit(plan));
    } else {
      plan.acknowledge();
      unfinished--;
    }
  }

  private void again(JobPlan plan, Reading reading) {
    if (!world.broker.isAway() && plan.job() != null && plan.isAcknowledged()) {
      write(plan, reading, false);
    }
    unfinished--;
  }

  private void write(JobPlan plan, Reading reading, boolean accepted) {
    String source = world.broker.requests.place(world.broker.requests.end());
    if (plan.id() == null) {
      String derived = RequestIds.of(source);
      plan.became(derived);
      byJob.putIfAbsent(derived, plan);
    }
    world.told(plan.job(), null, () -> "a client asks for it" + (reading == plan.reading() ? "" : ", with another body"));
    world.broker.requests.append(new ShardInbox.Request(reading, source, world.clockwork.instant(), accepted, null));
  }

  private void cancel(String job) {
    if (world.broker.isAway()) {
      world.clockwork.after(world.dice.between(500, 5_000), () -> cancel(job));
      return;
    }
    world.told(job, null, () -> "a client cancels it");
    if (world.broker.jobs.containsKey(new JobId(job))) {
      world.climate.strike(Trouble.CANCELS);
    }
    world.broker.control.append(command("CancelJob").setJobId(job).build());
    if (world.climate.repeats(world.dice)) {
      world.broker.control.append(command("CancelJob").setJobId(job).build());
    }
    unfinished--;
  }

  void drain(WorkerId worker, boolean destroy) {
    world.told(null, worker.value(), () -> destroy ? "somebody has it destroyed" : "somebody drains it");
    world.broker.control.append(command(destroy ? "DestroyWorker" : "DrainWorker").setWorkerId(worker.value()).build());
  }

  void pool(String spec) {
    world.told(null, null, () -> "somebody changes the pool to " + spec);
    world.broker.control.append(command("ApplyPool").setPool("default").setSpec(spec).build());
  }

  void flags(boolean lifecycle, boolean immediate, int percent) {
    world.told(null, null, () -> "somebody sets the flags: lifecycle " + lifecycle + ", immediate " + immediate + ", " + percent + " %");
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("hodei.lifecycle.enabled", Boolean.toString(lifecycle));
    flags.put("hodei.lifecycle.immediate-cleanup", Boolean.toString(immediate));
    flags.put("hodei.lifecycle.immediate-cleanup-percent", Integer.toString(percent));
    world.broker.control.append(command("SetFlags").setFlags(flags).build());
  }

  private ControlCommand.Builder command(String type) {
    return ControlCommand.newBuilder().setType(type).setCommandId(world.nextId()).setAt(world.clockwork.instant()).setActor("ann").setCorrelationId("c");
  }

  /// The ledger, as the test-kit wants it.
  List<Submission> submissions() {
    List<Submission> all = new ArrayList<>();
    for (JobPlan plan : plans.values()) {
      if (plan.job() != null) {
        all.add(new Submission(plan.name(), plan.job(), plan.key(), plan.isAcknowledged(), plan.kind().name(), plan.endings(world.climate), plan.maxAttempts(), 0,
            plan.isCancelDecided()));
      }
    }
    return all;
  }
}
