package io.hodei.agent;

import io.hodei.gateway.v1.LogEnd;
import io.hodei.gateway.v1.SendLogsReply;
import io.hodei.gateway.v1.SendLogsRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The thread that sends a log, one batch at a time, each until it is acknowledged. It ends with the batch that has
/// the LogEnd, or when the gateway dismisses the agent.
final class LogShipper {

  /// Where the whole log is: the replies to its first and its last batch.
  record Shipped(LogEnd end, SendLogsReply first, SendLogsReply last) {}

  private final GatewayLink link;
  private final LogBuffer buffer;
  private final SendLogsRequest header;
  private final Consumer<Throwable> failed;
  private final Thread thread = Thread.ofPlatform().name("logs").daemon().unstarted(this::ship);
  private volatile @Nullable Shipped shipped;

  /// `header` names worker and attempt; entries are added to copies of it. `failed` is told at once.
  LogShipper(GatewayLink link, LogBuffer buffer, SendLogsRequest header, Consumer<Throwable> failed) {
    this.link = link;
    this.buffer = buffer;
    this.header = header;
    this.failed = failed;
  }

  void start() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /// Waits for the acknowledgement of the last batch.
  Shipped await() throws InterruptedException {
    thread.join();
    var done = shipped;
    if (done != null) {
      return done;
    }
    throw new InterruptedException("Expected to ship the log, but the agent is leaving");
  }

  private void ship() {
    try {
      SendLogsReply first = null;
      while (true) {
        var batch = buffer.next();
        var request = header.toBuilder().addAllEntries(batch.entries());
        var end = batch.end();
        if (end != null) {
          request.setEnd(end);
        }
        var message = request.build();
        var reply = link.untilAnswered("SendLogs", gateway -> gateway.sendLogs(message));
        buffer.acknowledged(batch);
        first = first == null ? reply : first;
        if (end != null) {
          shipped = new Shipped(end, first, reply);
          return;
        }
      }
    } catch (RuntimeException | Error | InterruptedException e) {
      // Nobody takes the log any more: the readers stop, so that the job's death is not held up.
      buffer.finish();
      failed.accept(e);
    }
  }
}
