package io.hodei.api;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hodei.jobs.v1.CancelJobRequest;
import io.hodei.jobs.v1.GetJobRequest;
import io.hodei.jobs.v1.Job;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.JobServiceGrpc;
import io.hodei.jobs.v1.ListJobsRequest;
import io.hodei.jobs.v1.ListJobsResponse;
import io.hodei.jobs.v1.LogLine;
import io.hodei.jobs.v1.RetryJobRequest;
import io.hodei.jobs.v1.StreamLogsRequest;
import io.hodei.jobs.v1.SubmitJobsResponse;
import io.hodei.jobs.v1.WatchJobRequest;
import io.hodei.kit.GrpcCaller;
import io.hodei.kit.GrpcProblem;
import io.hodei.kit.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// `hodei.v1.JobService`: every call is the HTTP call of the same name, by the same code. Runs on the calls' own virtual threads, which
/// wait for their readers; what it throws, [io.hodei.kit.GrpcCall] makes a status of.
final class JobGrpc extends JobServiceGrpc.JobServiceImplBase {
  static final int MAX_WATCHERS = 1024;

  private static final Duration LOOK = Duration.ofSeconds(1);

  private interface Answering<A> {
    A get() throws InterruptedException;
  }

  private final Views views;
  private final SubmitCalls submit;
  private final ControlCalls control;
  private final JobCalls jobs;
  private final LogCalls logs;
  private final Semaphore watchers = new Semaphore(MAX_WATCHERS);

  JobGrpc(Views views, SubmitCalls submit, ControlCalls control, JobCalls jobs, LogCalls logs) {
    this.views = views;
    this.submit = submit;
    this.control = control;
    this.jobs = jobs;
    this.logs = logs;
  }

  @Override
  public void submitJob(JobRequest request, StreamObserver<Job> reply) {
    answer(reply, () -> message(submit.submit(ProtoJson.fields(request), caller()).getFirst()));
  }

  @Override
  public StreamObserver<JobRequest> submitJobs(StreamObserver<SubmitJobsResponse> reply) {
    views.require();
    JobBatches batches = submit.batches(caller());
    return new StreamObserver<>() {
      @Override
      public void onNext(JobRequest item) {
        told(() -> {
          batches.add(ProtoJson.fields(item), item.getSerializedSize());
          return null;
        });
      }

      @Override
      public void onError(Throwable cancelled) {
        // What was not submitted yet is not: the client learns nothing of this call, and repeats it with the same key.
      }

      @Override
      public void onCompleted() {
        List<String> ids = told(batches::end);
        reply.onNext(SubmitJobsResponse.newBuilder().setAccepted(ids.size()).addAllIds(ids).build());
        reply.onCompleted();
      }
    };
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<Job> reply) {
    answer(reply, () -> message(jobs.get(id(request.getId()), Query.of(ProtoJson.parameters(request), JobCalls.WAIT_PARAMETERS))));
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> reply) {
    answer(reply, () -> ProtoJson.message(jobs.page(Query.of(ProtoJson.parameters(request), JobFilter.PARAMETERS)), ListJobsResponse.newBuilder()).build());
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<Job> reply) {
    answer(reply, () -> message(control.cancel(id(request.getId()), body(ProtoJson.fields(request)), caller())));
  }

  @Override
  public void retryJob(RetryJobRequest request, StreamObserver<Job> reply) {
    answer(reply, () -> message(submit.retry(id(request.getId()), body(ProtoJson.fields(request)), caller())));
  }

  @Override
  public void watchJob(WatchJobRequest request, StreamObserver<Job> reply) {
    views.require();
    ProtoJson.parameters(request);
    if (!watchers.tryAcquire()) {
      throw new Problem(429, "too-many-watchers", "Expected at most " + MAX_WATCHERS
          + " who watch jobs at once, but there are as many already; try again later.").raise();
    }
    try (JobFeed feed = views.jobs.feed(id(request.getId()))) {
      watch(id(request.getId()), feed, (ServerCallStreamObserver<Job>) reply);
      reply.onCompleted();
    } catch (InterruptedException e) {
      throw stopped();
    } finally {
      watchers.release();
    }
  }

  private void watch(String id, JobFeed feed, ServerCallStreamObserver<Job> reply) throws InterruptedException {
    io.hodei.schemas.Job shown = views.jobs.known(id);
    reply.onNext(message(shown));
    while (!JobView.isTerminal(shown)) {
      io.hodei.schemas.Job next = feed.next(LOOK);
      if (reply.isCancelled() || Context.current().isCancelled()) {
        throw Status.CANCELLED.withDescription("Nobody watches any more.").asRuntimeException();
      }
      if (logs.isClosed()) {
        throw stopped();
      }
      if (next == null) {
        views.jobs.known(id);
      } else if (next.getSequence() >= shown.getSequence() && !next.equals(shown)) {
        shown = next;
        reply.onNext(message(shown));
      }
    }
  }

  @Override
  public void streamLogs(StreamLogsRequest request, StreamObserver<LogLine> reply) {
    views.require();
    LogQuery query = LogQuery.of(Query.of(ProtoJson.parameters(request), LogQuery.PARAMETERS), false);
    try {
      logs.lines(id(request.getId()), query, new GrpcLogSink((ServerCallStreamObserver<LogLine>) reply));
      reply.onCompleted();
    } catch (InterruptedException e) {
      throw stopped();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private <A> void answer(StreamObserver<A> reply, Answering<A> call) {
    views.require();
    try {
      reply.onNext(call.get());
      reply.onCompleted();
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  private interface Step<A> {
    A run() throws InterruptedException, JobBatches.Refused;
  }

  /// A refusal tells which item it is of, and how many are accepted.
  private static <A> A told(Step<A> step) {
    try {
      return step.run();
    } catch (JobBatches.Refused e) {
      String index = Integer.toString(e.index());
      throw GrpcProblem.of(e.problem(), Map.of("index", index, "accepted", index));
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  private static RuntimeException stopped() {
    return new Problem(503, "service-down", "Expected to answer to the end, but job-api stops; call again.").raise();
  }

  private static Caller caller() {
    return Caller.of(GrpcCaller.current());
  }

  private static Job message(io.hodei.schemas.Job job) {
    return ProtoJson.message(JobJson.of(job), Job.newBuilder()).build();
  }

  private static Map<String, Object> body(Map<String, Object> fields) {
    fields.remove("id");
    return fields;
  }

  private static String id(@Nullable String id) {
    if (id == null || id.isEmpty()) {
      throw Problem.invalid("Expected the id of a job, but found none; set id.",
          List.of(Map.of("field", "id", "code", "missing", "message", "Expected the id of a job."))).raise();
    }
    return id;
  }
}
