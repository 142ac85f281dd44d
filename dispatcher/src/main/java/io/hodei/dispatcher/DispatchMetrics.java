package io.hodei.dispatcher;

import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobState;
import io.hodei.domain.Provider;
import io.hodei.domain.Recorded;
import io.hodei.domain.Refusal;
import io.hodei.domain.Shard;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The counters of the contract that the dispatcher serves. Written by the stream thread, read by the web server.
final class DispatchMetrics {
  private final MeterRegistry registry;
  private final Counter submitted;
  private final Runnable created;
  private final Counter cleaned;
  private final Counter destroyFailed;
  private final Counter bugs;
  private final Counter deadLetters;
  private final Timer submitToStart;
  private final Timer destroySeconds;
  private final AtomicLong pendingDestroy = new AtomicLong();
  private final Map<Tags, AtomicLong> gauges = new ConcurrentHashMap<>();
  private long nextObservation;

  /// `created` counts made workers, under a name that the registry cannot write.
  DispatchMetrics(MeterRegistry registry, Runnable created) {
    this.registry = registry;
    this.created = created;
    submitted = counter("hodei.jobs.submitted", "Jobs accepted");
    cleaned = counter("hodei.workers.cleaned", "Ended workers of which nothing was found");
    destroyFailed = counter("hodei.worker.destruction.failures", "Destructions that failed");
    bugs = counter("hodei.bugs", "Decisions that threw: each is a defect of Hodei");
    deadLetters = counter("hodei.dead.letters", "Records that could not be read");
    submitToStart = timer("hodei.submit.to.start", "From submission to the start of the first attempt");
    destroySeconds = timer("hodei.worker.destroy", "From the end of the attempt to the infrastructure's being gone");
    for (JobState state : JobState.values()) {
      if (state.isTerminal()) {
        finished(state);
      }
    }
    registry.gauge("hodei.workers.pending.destroy", pendingDestroy);
  }

  void bug() {
    bugs.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void refused(Refusal refusal) {
    registry.counter("hodei.refusals", "refusal", refusal.name()).increment();
  }

  void recorded(Recorded recorded) {
    switch (recorded) {
      case Recorded.OfJob job -> job(job);
      case Recorded.OfWorker worker -> worker(worker);
      // The gauge tells it.
      case Recorded.OfProvider provider -> { }
      case Recorded.OfRejection rejection -> registry.counter("hodei.requests.rejected", "code", rejection.code()).increment();
    }
  }

  private void job(Recorded.OfJob recorded) {
    switch (recorded.event()) {
      case JobEvent.JobSubmitted e -> submitted.increment();
      case JobEvent.JobStarted e when e.assignment().attempt() == 1 ->
          submitToStart.record(positive(Duration.between(recorded.after().head().origin().submittedAt(), recorded.at())));
      case JobEvent.JobCompleted e -> finished(e.state()).increment();
      default -> {
      }
    }
  }

  private void worker(Recorded.OfWorker recorded) {
    switch (recorded.event()) {
      case WorkerEvent.WorkerCreated e -> created.run();
      case WorkerEvent.WorkerCleanedUp e -> cleaned.increment();
      case WorkerEvent.WorkerDestroyFailed e -> destroyFailed.increment();
      case WorkerEvent.WorkerTerminated e when recorded.after() instanceof Worker.Terminated gone -> {
        registry.counter("hodei.workers.destroyed", "cause", gone.ending().cause().wire()).increment();
        Long latency = gone.finishedToDestroyedMs();
        if (latency != null && !gone.ending().reason().isByIntent()) {
          destroySeconds.record(Duration.ofMillis(latency));
        }
      }
      default -> {
      }
    }
  }

  /// Sets the gauges from the rows, once a second at most.
  void observe(Shard shard) {
    long now = System.nanoTime();
    if (now < nextObservation) {
      return;
    }
    nextObservation = now + 1_000_000_000L;
    Map<Tags, Long> found = new HashMap<>();
    for (Job job : shard.openJobs()) {
      if (job.state() == JobState.PENDING) {
        found.merge(Tags.of("meter", "hodei.queue.depth", "pool", job.head().spec().pool(), "tenant", job.head().spec().tenant()), 1L, Long::sum);
      }
    }
    Map<WorkerState, Long> states = new EnumMap<>(WorkerState.class);
    for (Worker worker : shard.workers()) {
      states.merge(worker.state(), 1L, Long::sum);
      found.merge(Tags.of("meter", "hodei.workers", "pool", worker.head().pool(), "state", worker.state().name()), 1L, Long::sum);
    }
    for (Provider provider : shard.providers()) {
      found.put(Tags.of("meter", "hodei.provider.available", "provider", provider.type(), "provider_id", provider.id()), provider.isAway() ? 0L : 1L);
    }
    pendingDestroy.set(states.getOrDefault(WorkerState.TERMINATING, 0L));
    gauges.forEach((tags, gauge) -> gauge.set(found.getOrDefault(tags, 0L)));
    found.forEach((tags, value) -> gauges.computeIfAbsent(tags, this::gauge).set(value));
  }

  private AtomicLong gauge(Tags tags) {
    String meter = tags.stream().filter(tag -> tag.getKey().equals("meter")).findFirst().orElseThrow().getValue();
    AtomicLong value = new AtomicLong();
    registry.gauge(meter, Tags.of(tags.stream().filter(tag -> !tag.getKey().equals("meter")).toList()), value);
    return value;
  }

  private Counter finished(JobState state) {
    return Counter.builder("hodei.jobs.finished").description("Jobs that ended, by final state").tag("state", state.name()).register(registry);
  }

  private Counter counter(String name, String about) {
    return Counter.builder(name).description(about).register(registry);
  }

  private Timer timer(String name, String about) {
    return Timer.builder(name).description(about).publishPercentileHistogram().minimumExpectedValue(Duration.ofMillis(5))
        .maximumExpectedValue(Duration.ofMinutes(1)).register(registry);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
