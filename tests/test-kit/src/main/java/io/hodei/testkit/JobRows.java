package io.hodei.testkit;

import io.hodei.schemas.Job;
import io.hodei.schemas.LogRef;
import io.hodei.schemas.Transition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Puts rows of ordinary jobs on `hodei.job-state` by itself: a command, two labels, a variable, a key, ten transitions. They are older than an
/// hour, so what is submitted later comes before them in every list. Row n has the same id in every run.
public final class JobRows implements AutoCloseable {
  private static final int FRAME = 5;
  private static final List<String> STEPS = List.of("JobSubmitted", "JobQueued", "JobScheduled", "JobAssigned", "JobStarted", "JobAttemptEnded",
      "JobRetryScheduled", "JobQueued", "JobScheduled", "JobCompleted");

  private final byte[] frame;
  private final Instant newest = Instant.now().minusSeconds(3600);
  private final SpecificDatumWriter<Job> writer = new SpecificDatumWriter<>(Job.class);
  private final KafkaProducer<String, byte[]> producer;

  public JobRows(Installation installation) {
    this.frame = Arrays.copyOf(Topics.of(installation).encode("hodei.job-state-value", Map.of()), FRAME);
    this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", installation.bootstrap(), "acks", "all", "linger.ms", 20, "batch.size", 256 * 1024,
        "buffer.memory", 32L * 1024 * 1024), new StringSerializer(), new ByteArraySerializer());
  }

  /// The id of row `number`, a UUID of version 7 whose time is that of the row.
  public String id(int number) {
    Random random = new Random(number);
    long high = at(number).toEpochMilli() << 16 | 0x7000 | random.nextInt(0x1000);
    return new UUID(high, random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString();
  }

  /// Rows `from` to `to` (not included) in this state, with the labels `mark` and `part`, which is n modulo 100,000; they are durable when it returns.
  public void put(int from, int to, String state, String mark) {
    for (int i = from; i < to; i++) {
      producer.send(new ProducerRecord<>("hodei.job-state", id(i), bytes(row(i, state, mark))));
    }
    producer.flush();
  }

  private Instant at(int number) {
    return newest.minusMillis(number);
  }

  private Job row(int number, String state, String mark) {
    boolean ended = List.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT").contains(state);
    String worker = new UUID(number * 0x9E3779B97F4A7C15L, number).toString();
    List<Transition> transitions = new ArrayList<>();
    for (String step : STEPS) {
      transitions.add(Transition.newBuilder().setAt(at(number).plusMillis(10L * transitions.size())).setType(step).setAttempt(1).setWorkerId(worker)
          .setReason(null).build());
    }
    return Job.newBuilder().setId(id(number)).setName("nightly-" + number).setPool("default").setCommand(List.of("sh", "-c", "exec ./build --step " + number))
        .setEnv(Map.of("BUILD_NUMBER", Integer.toString(number))).setTenant("tenant-" + number % 1000).setActor("ana")
        .setLabels(Map.of("mark", mark, "part", Integer.toString(number % 100_000))).setIdempotencyKey(mark + "/" + number)
        .setCorrelationId("run-" + number / 10).setTimeoutMs(86_400_000L).setQueueTimeoutMs(86_400_000L).setPriority(0).setState(state).setAttempt(1)
        .setExitCode(ended ? 0 : null).setWorkerId(worker).setSubmittedAt(at(number)).setQueuedAt(at(number)).setAssignedAt(at(number)).setStartedAt(at(number))
        .setFinishedAt(ended ? at(number).plusMillis(500) : null).setTransitions(transitions)
        .setLogRef(List.of(LogRef.newBuilder().setAttempt(1).setPartition(0).setFirstOffset(number).setLastOffset(number).setLines(10).setBytes(400)
            .setComplete(true).build()))
        .setEpoch(1).setSequence(10).setRequestHash(Long.toHexString(new Random(number).nextLong()).repeat(4))
        .setSource("hodei.job-requests-0-0").build();
  }

  private byte[] bytes(Job job) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
      out.write(frame);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writer.write(job, encoder);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
