package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.domain.JobSpec;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestReader;
import io.hodei.domain.RequestRules;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `POST /v1/jobs` and `POST /v1/jobs/{id}/retry`, and the same over gRPC.
final class SubmitCalls {
  private final Submission submission;
  private final PoolView pools;
  private final JobView jobs;

  SubmitCalls(Submission submission, PoolView pools, JobView jobs) {
    this.submission = submission;
    this.pools = pools;
    this.jobs = jobs;
  }

  void submit(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    Object body = RequestBody.read(request);
    if (body == null) {
      throw new Problem(400, "bad-json", "Expected a job request, or an array of them, but the body is empty.").raise();
    }
    List<Job> accepted = submit(body, Caller.of(request, response));
    if (body instanceof List<?>) {
      Answer.accepted(response, Map.of("items", accepted.stream().map(JobJson::of).toList()));
    } else {
      one(response, accepted.getFirst());
    }
  }

  /// The jobs that `body`, an object or an array of objects, asks for.
  List<Job> submit(Object body, Caller caller) throws InterruptedException {
    return submission.submit(new RequestParser(pools::limits, caller.headers(null)).parse(body));
  }

  /// Takes jobs one by one, and submits them in batches.
  JobBatches batches(Caller caller) {
    return new JobBatches(submission, new RequestParser(pools::limits, caller.headers(null)));
  }

  void retry(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String id = request.path().pathParameters().get("id");
    jobs.known(id);
    one(response, retry(id, RequestBody.object(request), Caller.of(request, response)));
  }

  Job retry(String id, Map<String, Object> body, Caller caller) throws InterruptedException {
    Job job = jobs.known(id);
    if (!JobView.isTerminal(job)) {
      throw Problems.conflict("Expected a job that has ended, but " + id + " is " + job.getState()
          + "; wait for its end, or cancel it first.");
    }
    RequestParser parser = new RequestParser(pools::limits, caller.headers(job.getCorrelationId()));
    parser.checkHeaders();
    JobSpec spec = again(job, ControlCalls.optionalText(body, "actor", "actor"));
    return submission.submit(List.of(parser.complete(spec, caller.idempotencyKey()))).getFirst();
  }

  /// The request of `job` once more, checked against its pool as that is now.
  private JobSpec again(Job job, @Nullable String actor) {
    Map<String, @Nullable Object> fields = RequestAvro.fields(RequestAvro.requestOf(job));
    fields.put("id", null);
    fields.put("idempotencyKey", null);
    fields.put("correlationId", null);
    fields.put("actor", actor);
    fields.put("retryOf", job.getId());
    Reading reading = RequestReader.read(fields);
    var limits = pools.limits(reading.spec().pool());
    if (limits == null) {
      throw new Problem(422, "invalid", "Expected the pool of job " + job.getId() + " to be known, but " + reading.spec().pool()
          + " is not; submit the job to another pool.").raise();
    }
    List<Map<String, Object>> errors = RequestRules.check(reading.spec(), limits).stream()
        .map(found -> Map.<String, Object>of("field", found.field(), "code", found.code(), "message", found.message())).toList();
    if (!errors.isEmpty()) {
      throw Problem.invalid("Expected a request that pool " + limits.pool() + " takes, but it has changed: "
          + errors.getFirst().get("message"), errors).raise();
    }
    return reading.spec();
  }

  private static void one(ServerResponse response, Job job) {
    response.header(HeaderNames.LOCATION, "/v1/jobs/" + job.getId());
    Answer.accepted(response, JobJson.of(job));
  }
}
