package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.hodei.domain.JobState;
import io.hodei.domain.RequestReader;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.ListJobsRequest;
import io.hodei.jobs.v1.RetryPolicy;
import io.hodei.kit.Json;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import io.hodei.schemas.LogRef;
import io.hodei.schemas.Transition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// A message's proto JSON is the HTTP JSON of the same object.
class ProtoJsonTest {
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00.120Z");

  private static Job.Builder whole() {
    return Given.job("j", "FAILED").setName("n").setCommand(List.of("a", "é\0")).setScript("s").setImage("i").setEnv(Map.of("A", "=<>\"")).setSecrets(List.of("S"))
        .setWorkdir("/w").setResources(new io.hodei.schemas.Resources("500m", "1Gi", 1)).setTimeoutMs(1500L).setQueueTimeoutMs(60_000L).setPriority(-5)
        .setRetry(new io.hodei.schemas.RetryPolicy(3, 10L, 1000L, List.of(9), List.of("LOST"))).setIdempotencyKey("k/1").setLabels(Map.of("l", "v"))
        .setProviderConfig("{\"n\":3,\"f\":1.5,\"deep\":{\"list\":[1,null,true,\"x\"]}}").setAttempt(0).setExitCode(0).setSignal(9).setReason("EXIT_CODE")
        .setCategory("USER").setMessage("m").setSuggestedAction("s").setWorkerId("w").setRetryOf("o").setCancelRequestedAt(AT).setCancelActor("bo")
        .setAssignedAt(AT).setStartedAt(AT).setFinishedAt(AT)
        .setTransitions(List.of(new Transition(AT, "JobStarted", 1, null, null)))
        .setLogRef(List.of(new LogRef(1, 2, 5_000_000_000L, 5_000_000_001L, 7L, 700L, false, AT, AT)));
  }

  @Test
  void aJobIsTheSameBothWays() throws Exception {
    Job unlogged = whole().setLogRef(List.of(new LogRef(1, -1, -1L, -1L, 0L, 0L, true, null, AT))).build();
    for (Job job : List.of(whole().build(), unlogged, Given.job("bare", "PENDING").build(), Given.job("script", "RUNNING").setCommand(List.of()).setScript("x").build())) {
      JsonNode http = Json.MAPPER.readTree(Json.text(JobJson.of(job)));
      io.hodei.jobs.v1.Job message = ProtoJson.message(JobJson.of(job), io.hodei.jobs.v1.Job.newBuilder()).build();
      JsonNode proto = Json.MAPPER.readTree(JsonFormat.printer().print(message));
      assertEquals(JobGrpcIT.Normal.of(http), JobGrpcIT.Normal.of(proto));
      io.hodei.jobs.v1.Job.Builder back = io.hodei.jobs.v1.Job.newBuilder();
      JsonFormat.parser().merge(http.toString(), back);
      assertEquals(message, back.build());
    }
    Job.Builder every = whole();
    for (JobState state : JobState.values()) {
      assertEquals(state.name(), ProtoJson.message(JobJson.of(every.setState(state.name()).build()), io.hodei.jobs.v1.Job.newBuilder()).getState().name());
    }
  }

  @Test
  void whatIsNotKnownOfALogIsNull() throws Exception {
    JsonNode http = Json.MAPPER.readTree(Json.text(JobJson.of(whole().setLogRef(List.of(new LogRef(1, -1, -1L, -1L, 0L, -1L, true, null, AT))).build())));
    assertEquals("{\"attempt\":1,\"partition\":null,\"firstOffset\":null,\"lastOffset\":null,\"lines\":0,\"bytes\":null,\"complete\":true}", http.path("logRef").path(0).toString());
  }

  @Test
  void everyMemberOfAJobHasAField() {
    TreeSet<String> named = new TreeSet<>();
    io.hodei.jobs.v1.Job.getDescriptor().getFields().forEach(field -> named.add(field.getJsonName()));
    assertEquals(new TreeSet<>(JobJson.of(whole().build()).keySet()), named);
  }

  @Test
  void everyFieldOfARequestIsReadByTheRulesOfHttp() throws Exception {
    TreeSet<String> ofAvro = new TreeSet<>();
    for (Schema.Field field : io.hodei.schemas.JobRequest.getClassSchema().getFields()) {
      ofAvro.add(field.name().replaceAll("Ms$", ""));
    }
    ofAvro.remove("retryOf");
    TreeSet<String> ofProto = new TreeSet<>();
    JobRequest.getDescriptor().getFields().forEach(field -> ofProto.add(field.getJsonName()));
    assertEquals(ofAvro, ofProto);

    Map<String, Object> http = new HashMap<>(JobJson.of(whole().setCommand(List.of("a")).setScript(null).setSecrets(List.of()).build()));
    http.keySet().retainAll(ofProto);
    http.values().removeIf(java.util.Objects::isNull);
    JobRequest.Builder request = JobRequest.newBuilder();
    JsonFormat.parser().merge(Json.text(http), request);
    assertEquals(RequestReader.readWritten(http), RequestReader.readWritten(ProtoJson.fields(request.build())));
  }

  @Test
  void whatIsSetAndNotNamedIsRefused() {
    RetryPolicy unknown = RetryPolicy.newBuilder().setUnknownFields(UnknownFieldSet.newBuilder()
        .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build()).build()).build();
    Problem refused = assertThrows(Problem.Raised.class, () -> ProtoJson.fields(JobRequest.newBuilder().setRetry(unknown).build())).problem();
    assertEquals(422, refused.status());
    assertTrue(refused.more().toString().contains("retry.#77"), refused.toString());
  }

  @Test
  void queriesAreThoseOfHttp() {
    assertEquals(Map.of("state", List.of("RUNNING"), "label", List.of("a=1", "b=2"), "limit", List.of("4294967295")), ProtoJson.parameters(
        ListJobsRequest.newBuilder().addStateValue(4).addLabel("a=1").addLabel("b=2").setLimit(-1).build()));
    assertThrows(Problem.Raised.class, () -> JobFilter.of(Query.of(ProtoJson.parameters(ListJobsRequest.newBuilder().addStateValue(44).build()), JobFilter.PARAMETERS)));
  }
}
