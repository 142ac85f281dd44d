package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Codec;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Job;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls that ask the dispatcher for something: cancel a job, drain or destroy a worker. Each answers once the command is
/// durable, 409 when there is nothing left to ask for; cancel also waits until JobCancelRequested is recorded.
final class ControlCalls {
  private final Outbox outbox;
  private final Codec codec;
  private final JobView jobs;
  private final WorkerView workers;
  private final Duration ackTimeout;
  private final InstantSource clock;

  ControlCalls(Outbox outbox, Codec codec, JobView jobs, WorkerView workers, Duration ackTimeout, InstantSource clock) {
    this.outbox = outbox;
    this.codec = codec;
    this.jobs = jobs;
    this.workers = workers;
    this.ackTimeout = ackTimeout;
    this.clock = clock;
  }

  void cancel(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String id = request.path().pathParameters().get("id");
    Answer.accepted(response, JobJson.of(cancel(id, RequestBody.object(request), Caller.of(request, response))));
  }

  /// The job, once nothing of it starts any more.
  Job cancel(String id, Map<String, Object> body, Caller caller) throws InterruptedException {
    try (Watchers.Watch watch = jobs.watch(id)) {
      Job job = jobs.known(id);
      if (!isCancelled(job)) {
        Deadline deadline = Deadline.in(ackTimeout);
        send(command("CancelJob", caller, body, id).setJobId(id).build(), id, deadline);
        job = awaitCancelled(id, watch, deadline);
      }
      return job;
    }
  }

  void drain(ServerRequest request, ServerResponse response) throws Exception {
    onWorker("DrainWorker", request, response);
  }

  void destroy(ServerRequest request, ServerResponse response) throws Exception {
    onWorker("DestroyWorker", request, response);
  }

  private void onWorker(String type, ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String id = request.path().pathParameters().get("id");
    Worker worker = workers.get(id);
    Map<String, Object> body = RequestBody.object(request);
    if (worker == null) {
      throw Problems.noWorker(id);
    }
    ControlCommand command = command(type, Caller.of(request, response), body, id).setWorkerId(id).build();
    if (worker.getState().equals("TERMINATED")) {
      String when = Rfc3339.text(worker.getTerminatedAt());
      throw Problems.conflict("Expected a worker that is still there, but " + id + " is TERMINATED" + (when == null ? "" : " since " + when)
          + "; it is gone, so there is nothing to drain or destroy.");
    }
    send(command, id, Deadline.in(ackTimeout));
    Answer.accepted(response, WorkerView.json(worker));
  }

  private Job awaitCancelled(String id, Watchers.Watch watch, Deadline deadline) throws InterruptedException {
    while (true) {
      Job job = jobs.get(id);
      if (job != null && isCancelled(job)) {
        return job;
      }
      if (deadline.isOver()) {
        throw Problems.unknownOutcome("the cancellation of job " + id, "it is acknowledged and not decided yet").raise();
      }
      watch.await(deadline.left());
    }
  }

  /// Whether nothing of `job` starts any more because somebody has asked for that.
  ///
  /// @throws Problem.Raised 409 when it ended otherwise
  private static boolean isCancelled(Job job) {
    if (JobView.isTerminal(job) && !job.getState().equals("CANCELLED")) {
      throw Problems.conflict("Expected a job that has not ended, but " + job.getId() + " is " + job.getState()
          + "; there is nothing to cancel.");
    }
    return JobView.isTerminal(job) || job.getCancelRequestedAt() != null;
  }

  private ControlCommand.Builder command(String type, Caller caller, Map<String, Object> body, String id) {
    String actor = optionalText(body, "actor", "actor", "reason");
    String reason = optionalText(body, "reason", "actor", "reason");
    Job job = jobs.get(id);
    return ControlCommand.newBuilder().setType(type).setCommandId(Uuid7.next()).setAt(clock.instant())
        .setActor(actor == null ? caller.actorOrAnonymous() : actor).setCorrelationId(caller.correlationOr(job == null ? null : job.getCorrelationId())).setReason(reason);
  }

  private void send(ControlCommand command, String key, Deadline deadline) throws InterruptedException {
    outbox.send(codec.record(Topic.CONTROL, key, command), deadline);
  }

  /// The text `name` of `body`, which may have the fields `known` and no others.
  static @Nullable String optionalText(Map<String, Object> body, String name, String... known) {
    for (String field : body.keySet()) {
      if (!java.util.List.of(known).contains(field)) {
        throw Problem.invalid("Expected fields among " + String.join(", ", known) + ", but found \"" + field + "\"; remove it.",
            java.util.List.of(Map.of("field", field, "code", "unknown-field", "message", "Expected " + String.join(" or ", known) + "."))).raise();
      }
    }
    Object value = body.get(name);
    if (value == null || value instanceof String text && !text.isEmpty() && text.length() <= 255 && text.indexOf('\0') < 0) {
      return (String) value;
    }
    throw Problem.invalid("Expected a text of 1 to 255 characters for " + name + ", but found something else.",
        java.util.List.of(Map.of("field", name, "code", "wrong-type", "message", "Expected a text of 1 to 255 characters."))).raise();
  }
}
