package io.hodei.api;

import io.hodei.kit.DeadLetters;
import io.hodei.kit.Key;
import io.hodei.kit.Problem;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.TopicTail;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The views, and the tails that feed them, each on its own thread. Requests are read last: whether one counts depends on its
/// pool, and those of jobs that have a row need not be held. Nothing is answered from the views before all of them have caught up.
final class Views {
  private final ServiceHost host;
  private final Map<Topic, TopicTail> tails = new ConcurrentHashMap<>();
  private final DeadLetters poison;
  private final Producer<String, byte[]> outbound;
  private final CompletableFuture<Void> requestsRead = new CompletableFuture<>();
  private volatile boolean ready;

  final JobView jobs;
  final WorkerView workers;
  final PoolView pools;
  final FlagView flags;
  final ProviderView providers = new ProviderView();
  final CleanupView cleanup;
  final RequestLedger ledger;
  final LetterView letters;

  Views(ServiceHost host) {
    this.host = host;
    Path directory = directory(host.settings());
    this.jobs = host.owns("job view", new JobView(host.codec(), file(directory), host.settings().duration(Key.API_JOBS_KEPT)));
    this.workers = host.owns("worker view", new WorkerView(host.codec(), file(directory), host.settings().duration(Key.API_WORKERS_KEPT)));
    this.pools = new PoolView(host.codec());
    this.flags = new FlagView(host.codec());
    this.cleanup = new CleanupView(host.codec());
    this.ledger = new RequestLedger(new RequestDecoder(host.codec()), pools::limits, jobs, file(directory));
    host.owns("request ledger", ledger);
    this.letters = new LetterView(Topic.DEAD_LETTERS.retention(), LetterView.KEPT);
    this.poison = new DeadLetters(host.settings(), host.service(), host.metrics());
    this.outbound = host.owns("dead letters", host.clients().producer("dead-letters"));
  }

  /// Starts to read; the views fill in the background.
  void start(InstantSource clock) {
    forgetOld(clock);
    TopicTail poolTail = tail(Topic.POOLS, orLetter(pools::handle));
    tail(Topic.DEAD_LETTERS, letters::handle);
    tail(Topic.FLAGS, orLetter(flags::handle));
    tail(Topic.WORKER_STATE, workers::handle);
    tail(Topic.WORKER_EVENTS, record -> {
      WorkerEvent event = host.codec().value(Topic.WORKER_EVENTS, record.value(), WorkerEvent.class);
      cleanup.happened(event);
      providers.happened(event);
    });
    tail(Topic.GC_EVENTS, cleanup::handleGcEvent);
    TopicTail jobTail = tail(Topic.JOB_STATE, orLetter(record -> ledger.confirm(jobs.handle(record))));
    CompletableFuture.allOf(poolTail.caughtUp(), pools.first(), jobTail.caughtUp()).thenRun(() -> requests(clock));
    host.health().check("views", this::lag);
    host.health().check("views-disk-jobs", jobs::trouble);
    host.health().check("views-disk-workers", workers::trouble);
    host.health().check("views-disk-keys", ledger::trouble);
    host.loop("view-sweep", Duration.ofSeconds(30), () -> {
      forgetOld(clock);
      letters.sweep(clock.instant());
      if (ready) {
        // Not earlier: who holds a key follows from the claims before it, in the order of the log.
        ledger.sweep(clock.instant());
      }
    });
  }

  private void requests(InstantSource clock) {
    // Requests that were passed by may have been taken for new ones before the row that passes them was read.
    tail(Topic.JOB_REQUESTS, ledger::handle).caughtUp().thenRun(() -> forgetOld(clock)).thenRun(() -> requestsRead.complete(null));
  }

  private void forgetOld(InstantSource clock) {
    jobs.sweep(clock.instant());
    workers.sweep(clock.instant());
  }

  private static Path directory(Settings settings) {
    String configured = settings.text(Key.API_VIEWS_DIR);
    String data = settings.text(Key.DATA_DIR);
    return configured.isBlank() ? Path.of(data.isBlank() ? System.getProperty("java.io.tmpdir") : data).resolve("views") : Path.of(configured);
  }

  private static RowFile file(Path directory) {
    return new RowFile(directory, RowFile.SEGMENT_BYTES);
  }

  /// @throws Problem.Raised 503 while the views have not caught up
  void require() {
    String lag = lag();
    if (lag != null) {
      throw new Problem(503, "starting", "Expected views that have caught up, but " + lag + "; try again in a moment.").raise();
    }
  }

  /// The dead letters need nothing else: they are read when the rest is in trouble.
  ///
  /// @throws Problem.Raised 503 while they have not been read up to what was there at the start
  void requireLetters() {
    TopicTail tail = tails.get(Topic.DEAD_LETTERS);
    if (tail == null || !tail.caughtUp().isDone()) {
      throw new Problem(503, "starting", "Expected the dead letters to have been read, but the topic "
          + host.settings().topic(Topic.DEAD_LETTERS) + " is being read; try again in a moment.").raise();
    }
  }

  /// Waits until the records of `topic` below `offset` have been handled; false when `patience` is over.
  boolean await(Topic topic, TopicPartition partition, long offset, Duration patience) throws InterruptedException {
    TopicTail tail = tails.get(topic);
    return tail != null && tail.await(partition, offset, patience);
  }

  /// Waits until the requests of `partition` below `offset` have been handled; false when `patience` is over.
  boolean awaitRequests(TopicPartition partition, long offset, Duration patience) throws InterruptedException {
    return await(Topic.JOB_REQUESTS, partition, offset, patience);
  }

  /// What is not there yet; null when nothing is missing.
  private @Nullable String lag() {
    if (ready) {
      return null;
    }
    if (!pools.first().isDone()) {
      return "no pool is known: the dispatcher has not applied any yet";
    }
    for (Topic topic : new Topic[] {Topic.POOLS, Topic.FLAGS, Topic.WORKER_STATE, Topic.WORKER_EVENTS, Topic.GC_EVENTS, Topic.JOB_STATE, Topic.JOB_REQUESTS}) {
      TopicTail tail = tails.get(topic);
      if (tail == null || !tail.caughtUp().isDone()) {
        return "the topic " + host.settings().topic(topic) + " is being read" + (tail == null ? "" : ": " + tail.progress());
      }
    }
    if (!requestsRead.isDone()) {
      return "old requests are being forgotten";
    }
    ready = true;
    return null;
  }

  /// `handler`, for a topic of which we are the only reader: a record that it cannot read becomes a dead letter.
  private Consumer<ConsumerRecord<String, byte[]>> orLetter(Consumer<ConsumerRecord<String, byte[]>> handler) {
    return record -> {
      try {
        handler.accept(record);
      } catch (RuntimeException e) {
        poison.send(outbound, record, String.valueOf(e.getMessage()));
      }
    };
  }

  private TopicTail tail(Topic topic, Consumer<ConsumerRecord<String, byte[]>> handler) {
    TopicTail tail = host.tail(topic.suffix(), List.of(host.settings().topic(topic)), handler);
    tails.put(topic, tail);
    return tail;
  }
}
