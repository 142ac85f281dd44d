package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.kit.Settings;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Job;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What tests begin with.
final class Given {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final CursorSeal SEAL = new CursorSeal("here");

  static {
    // Makes Avro trust the rows' classes.
    codec();
  }

  private Given() {}

  static Codec codec() {
    return new Codec(Settings.of(Map.of()));
  }

  static Job.Builder job(String id, String state) {
    return Job.newBuilder().setId(id).setState(state).setPool("default").setTenant("default").setCommand(List.of("true"))
        .setSubmittedAt(NOON).setQueuedAt(NOON).setSource("hodei.job-requests-0-1").setSequence(2).setCorrelationId("c").setActor("ana");
  }

  static Worker.Builder worker(String id, String state) {
    return Worker.newBuilder().setId(id).setState(state).setPool("default").setProvider("process").setProviderId("process-a").setCreatedAt(NOON);
  }

  static Flag flag(String name, String value, String commandId) {
    return Flag.newBuilder().setName(name).setValue(value).setCommandId(commandId).build();
  }

  static Pool pool(String name, int maxWorkers) {
    return Pool.newBuilder().setName(name).setProviders(List.of("process")).setMaxWorkers(maxWorkers).setMaxCreating(4)
        .setMaxJobTimeoutMs(86_400_000).setMaxLifetimeMs(86_400_000).build();
  }

  static Letter letter(String id) {
    return Letter.of(new ConsumerRecord<>("hodei.dead-letters", 0, 0, id, new byte[0]));
  }
}
