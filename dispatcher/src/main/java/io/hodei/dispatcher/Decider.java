package io.hodei.dispatcher;

import io.hodei.kit.Causes;
import io.hodei.kit.Key;
import io.hodei.kit.ServiceHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Kafka Streams application of this process. Its thread is replaced when Kafka fails under it (a transaction timed out, a fencing), up
/// to a budget; then the service is no longer ready.
final class Decider implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Decider.class);
  private static final int REPLACEMENTS = 30;
  private static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(5);

  private final KafkaStreams streams;
  private final Deque<Long> replaced = new ArrayDeque<>();
  private volatile boolean replacedByAnother;

  private Decider(KafkaStreams streams) {
    this.streams = streams;
  }

  static Decider start(ServiceHost host) throws InterruptedException {
    Dispatching dispatching = new Dispatching(host, Clock.systemUTC());
    String name = host.settings().text(Key.DISPATCHER_INSTANCE);
    String instance = "dispatcher-" + (name.isEmpty() ? hostName() : name);
    try (Admin admin = host.clients().admin()) {
      Fence.deadTransactions(admin, StreamsConfiguration.applicationId(host.settings()), instance);
    }
    Decider decider = new Decider(new KafkaStreams(DispatchTopology.of(host.settings(), dispatching),
        StreamsConfiguration.of(host.settings(), host.clients(), instance)));
    decider.streams.setUncaughtExceptionHandler(decider::replace);
    decider.streams.setStateListener((next, last) -> LOG.info("streams_state from={} to={}", last, next));
    host.health().check("streams", () -> decider.trouble(instance));
    decider.streams.start();
    return decider;
  }

  private @Nullable String trouble(String instance) {
    KafkaStreams.State state = streams.state();
    if (state == KafkaStreams.State.RUNNING) {
      return null;
    }
    return replacedByAnother ? "Another dispatcher decides under the name " + instance + "; give each a hodei.dispatcher.instance of its own."
        : "Kafka Streams is " + state;
  }

  private synchronized StreamThreadExceptionResponse replace(Throwable cause) {
    if (Causes.include(cause, FencedInstanceIdException.class)) {
      // To come back under the same name would fence the other in its turn, and so on for ever.
      replacedByAnother = true;
      LOG.error("dispatcher_fenced reason=\"another dispatcher of this name has joined\"");
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    long now = System.nanoTime();
    replaced.removeIf(at -> now - at > REPLACEMENT_WINDOW.toNanos());
    replaced.add(now);
    if (replaced.size() > REPLACEMENTS) {
      LOG.error("stream_thread_given_up failures={}", replaced.size(), cause);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.error("stream_thread_replaced cause=\"{}\"", cause.toString(), cause);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(10));
  }
}
