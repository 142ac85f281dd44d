package io.hodei.api;

import io.hodei.domain.DurationText;
import io.hodei.schemas.Job;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Transition;
import io.hodei.schemas.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says in words what a job waits for, since when, until when, and what can be done. Reads the views only.
final class Why {
  private static final Comparator<Job> QUEUE_ORDER = Comparator
      .comparing((Job job) -> job.getPriority() == null ? 0 : job.getPriority(), Comparator.reverseOrder())
      .thenComparing(job -> job.getQueuedAt() == null ? Instant.EPOCH : job.getQueuedAt())
      .thenComparing(Job::getId);

  private static final String MEND = "See whether the engine or cluster and its lifecycle-service run (./hodei status, ./hodei doctor); nothing is lost meanwhile.";

  /// One answer; `position` counts from 1, null when the job is not in the queue.
  private record Reply(String waitingFor, @Nullable Instant since, @Nullable Instant deadline, @Nullable Integer position,
      String message, @Nullable String action) {}

  private final JobView jobs;
  private final WorkerView workers;
  private final PoolView pools;
  private final FlagView flags;
  private final ProviderView providers;

  Why(JobView jobs, WorkerView workers, PoolView pools, FlagView flags, ProviderView providers) {
    this.jobs = jobs;
    this.workers = workers;
    this.pools = pools;
    this.flags = flags;
    this.providers = providers;
  }

  Map<String, @Nullable Object> of(Job job, Instant now) {
    Reply reply = reply(job, now);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("state", job.getState());
    json.put("waitingFor", reply.waitingFor());
    json.put("since", Rfc3339.text(reply.since()));
    json.put("deadline", Rfc3339.text(reply.deadline()));
    json.put("queuePosition", reply.position());
    json.put("ahead", reply.position() == null ? null : reply.position() - 1);
    json.put("message", reply.message());
    json.put("suggestedAction", reply.action());
    return json;
  }

  private Reply reply(Job job, Instant now) {
    if (job.getCancelRequestedAt() != null && !JobView.isTerminal(job)) {
      return new Reply("cancellation", job.getCancelRequestedAt(), workerDeadline(job), null,
          "Its cancellation was asked for by " + job.getCancelActor() + "; it ends when its worker is proved gone." + away(job), null);
    }
    return switch (job.getState()) {
      case "PENDING" -> pending(job, now);
      case "SCHEDULED" -> new Reply("worker-creation", since(job), workerDeadline(job), null, scheduled(job),
          "Nothing yet; a worker that does not appear by the deadline is given up and the attempt fails.");
      case "ASSIGNED" -> new Reply("start", job.getAssignedAt(), workerDeadline(job), null,
          "Worker " + job.getWorkerId() + " has connected and starts attempt " + job.getAttempt() + ".", null);
      case "RUNNING" -> running(job, now);
      default -> new Reply("nothing", job.getFinishedAt(), null, null, ended(job), job.getSuggestedAction());
    };
  }

  private Reply pending(Job job, Instant now) {
    String name = job.getPool() == null ? "default" : job.getPool();
    Instant eligible = job.getEligibleAt();
    if (eligible != null && eligible.isAfter(now)) {
      return new Reply("backoff", job.getQueuedAt(), eligible, null, "Attempt " + job.getAttempt() + " ended with " + reason(job)
          + "; the next is tried after " + Rfc3339.text(eligible) + ".", null);
    }
    Pool pool = pools.get(name);
    if (pool == null) {
      return new Reply("pool", job.getQueuedAt(), job.getQueueDeadline(), null, "Its pool " + name + " is not known.",
          "Submit it to a pool that GET /v1/pools lists.");
    }
    int position = position(job, name, now);
    if (!flags.isLifecycleOn()) {
      return new Reply("lifecycle", job.getQueuedAt(), job.getQueueDeadline(), position, "The lifecycle is switched off (hodei.lifecycle.enabled is false): "
          + "no worker is created or destroyed.", "Switch it on: ./hodei flags set hodei.lifecycle.enabled=true");
    }
    if (!providers.knowsAnyOf(pool.getProviders())) {
      return new Reply("provider", job.getQueuedAt(), job.getQueueDeadline(), position, "No lifecycle-service offers a provider of pool " + name + " ("
          + String.join(", ", pool.getProviders()) + "): none has told of itself yet.", unoffered(name, pool.getProviders()));
    }
    List<ProviderView.Row> away = providers.awayOf(pool.getProviders());
    if (!away.isEmpty()) {
      return new Reply("provider", job.getQueuedAt(), job.getQueueDeadline(), position, "No provider of pool " + name + " (" + String.join(", ", pool.getProviders())
          + ") can make a worker: " + away.stream().map(ProviderView.Row::words).collect(Collectors.joining("; ")), MEND);
    }
    long leaving = workers.leaving(name);
    long busy = holding(name, "SCHEDULED", "ASSIGNED", "RUNNING") + leaving;
    if (pool.getMaxWorkers() == 0) {
      return new Reply("slot", job.getQueuedAt(), job.getQueueDeadline(), position, "Pool " + name + " has no slots: its maxWorkers is 0.",
          "Raise maxWorkers of pool " + name + ": ./hodei pools apply.");
    }
    if (busy >= pool.getMaxWorkers()) {
      return new Reply("slot", job.getQueuedAt(), job.getQueueDeadline(), position, "No free slot in pool " + name + ": " + busy + " of "
          + pool.getMaxWorkers() + " workers " + (leaving == 0 ? "are busy; " : "are busy or on their way out; ") + ahead(position),
          "Wait, raise its priority, or raise maxWorkers of pool " + name + ".");
    }
    long creating = holding(name, "SCHEDULED");
    if (pool.getMaxCreating() > 0 && creating >= pool.getMaxCreating()) {
      return new Reply("creation-slot", job.getQueuedAt(), job.getQueueDeadline(), position, "Pool " + name + " makes " + creating
          + " workers, its limit at once; " + ahead(position), "Wait; slots for creation become free within seconds.");
    }
    return new Reply("dispatcher", job.getQueuedAt(), job.getQueueDeadline(), position,
        "Pool " + name + " has " + (pool.getMaxWorkers() - busy) + " free slots; the dispatcher has not taken it up yet.",
        "When this lasts, see whether dispatcher and lifecycle-service are up (./hodei status) and the provider is healthy.");
  }

  private static String unoffered(String pool, List<String> types) {
    return "Start a lifecycle-service with it (hodei.lifecycle.providers: " + String.join(",", types) + "; on one machine ./hodei up --provider " + types.getFirst()
        + "), or apply pool " + pool + " with another one: ./hodei pools apply.";
  }

  /// A sentence on the provider of its worker, when that is away.
  private String away(Job job) {
    Worker worker = workerOf(job);
    return worker == null ? "" : providers.away(worker.getProviderId()).map(row -> " Its provider " + row.words()).orElse("");
  }

  private int position(Job job, String pool, Instant now) {
    List<Job> queue = jobs.open()
        .filter(other -> other.getState().equals("PENDING") && pool.equals(other.getPool()))
        .filter(other -> other.getEligibleAt() == null || !other.getEligibleAt().isAfter(now))
        .toList();
    return 1 + (int) queue.stream().filter(other -> QUEUE_ORDER.compare(other, job) < 0).count();
  }

  private static String ahead(int position) {
    return position == 1 ? "no job is ahead." : position == 2 ? "1 job is ahead." : position - 1 + " jobs are ahead.";
  }

  private long holding(String pool, String... states) {
    return jobs.open().filter(job -> pool.equals(job.getPool()) && List.of(states).contains(job.getState())).count();
  }

  private @Nullable Worker workerOf(Job job) {
    return job.getWorkerId() == null ? null : workers.get(job.getWorkerId());
  }

  private String scheduled(Job job) {
    Worker worker = workerOf(job);
    if (worker == null || worker.getState().equals("CREATING")) {
      return "Worker " + job.getWorkerId() + " is being created for attempt " + job.getAttempt() + "." + away(job);
    }
    return "Worker " + worker.getId() + " exists (" + worker.getState() + "); its agent has to connect.";
  }

  private Reply running(Job job, Instant now) {
    Worker worker = workerOf(job);
    if (worker != null && worker.getState().equals("TERMINATING")) {
      return new Reply("proof-of-death", worker.getStateSince(), workerDeadline(job), null, "Worker " + worker.getId() + " is to be destroyed ("
          + worker.getTerminationReason() + "); attempt " + job.getAttempt() + " ends when nothing of it is left.",
          "When this lasts, see whether the lifecycle-service of provider " + worker.getProviderId() + " is up (./hodei status): only it can look.");
    }
    Duration ran = Duration.between(job.getStartedAt() == null ? now : job.getStartedAt(), now);
    return new Reply("end", job.getStartedAt(), runDeadline(job), null, "Attempt " + job.getAttempt() + " has been running on worker " + job.getWorkerId()
        + " for " + ran.toSeconds() + " s" + (job.getTimeoutMs() == null ? "." : "; its limit is " + DurationText.of(Duration.ofMillis(job.getTimeoutMs())) + "."), null);
  }

  private static String ended(Job job) {
    return "It ended " + job.getState() + (job.getReason() == null ? "" : " (" + reason(job) + ")")
        + (job.getMessage() == null ? "." : ": " + job.getMessage());
  }

  private static String reason(Job job) {
    return job.getReason() + (job.getExitCode() == null ? "" : ", exit code " + job.getExitCode());
  }

  private static @Nullable Instant since(Job job) {
    List<Transition> steps = job.getTransitions();
    return steps.isEmpty() ? job.getQueuedAt() : steps.getLast().getAt();
  }

  private @Nullable Instant workerDeadline(Job job) {
    Worker worker = workerOf(job);
    return worker == null ? null : worker.getDeadline();
  }

  private @Nullable Instant runDeadline(Job job) {
    Instant start = job.getStartedAt();
    return start == null || job.getTimeoutMs() == null ? workerDeadline(job) : start.plusMillis(job.getTimeoutMs());
  }
}
