package io.hodei.dispatcher;

import io.hodei.domain.Cause;
import io.hodei.domain.Input;
import io.hodei.domain.JobId;
import io.hodei.domain.JobSpec;
import io.hodei.domain.Origin;
import io.hodei.domain.Outcome;
import io.hodei.domain.PoolLimits;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.Reading;
import io.hodei.domain.Recorded;
import io.hodei.domain.RequestHash;
import io.hodei.domain.RequestIds;
import io.hodei.domain.RequestReader;
import io.hodei.domain.RequestRules;
import io.hodei.domain.Shard;
import io.hodei.domain.Violation;
import io.hodei.kit.UnknownSchemaException;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Pool;
import io.hodei.schemas.WorkerReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a record of an input topic is to its shard: an input, a refused request, a change of pools or flags, or unreadable. Knows no topic
/// and no bytes; everything that follows goes to the [ShardOutbox]. One thread. Its methods throw UnreadableException for records that say
/// nothing that can be understood; a decision that throws becomes a dead letter with reason BUG.
public final class ShardInbox {
  private static final Logger LOG = LoggerFactory.getLogger(ShardInbox.class);

  private final Shard shard;
  private final PoolRows pools;
  private final FlagRows flags;
  private final InstantSource clock;
  private final ShardOutbox outbox;
  private boolean announced;

  /// A request with the place of its record and what stands in the record's headers.
  ///
  /// @param source topic-partition-offset
  /// @param accepted job-api has answered it with 202
  public record Request(Reading reading, String source, Instant at, boolean accepted, @Nullable String traceparent) {}

  /// `shard` has its rows; `pools` and `flags` are put to it here.
  public ShardInbox(Shard shard, PoolRows pools, FlagRows flags, InstantSource clock, ShardOutbox outbox) {
    this.shard = shard;
    this.pools = pools;
    this.flags = flags;
    this.clock = clock;
    this.outbox = outbox;
    pools.policies().forEach(shard::apply);
    shard.apply(flags.flags());
  }

  public Shard shard() {
    return shard;
  }

  public void request(Request request) {
    Reading reading = request.reading();
    JobSpec spec = reading.spec();
    String source = request.source();
    String derived = RequestIds.of(source);
    List<Violation> violations = new ArrayList<>(reading.violations());
    PoolPolicy pool = shard.pool(spec.pool());
    if (violations.isEmpty() && pool == null) {
      violations.add(new Violation("pool", "unknown-pool", "Expected a pool that exists, but there is no \"" + spec.pool() + "\"; see ./hodei pools."));
    } else if (violations.isEmpty() && pool != null) {
      violations.addAll(judged(() -> RequestRules.check(spec, PoolLimits.of(pool))));
    }
    String actor = spec.actor() == null ? "anonymous" : spec.actor();
    boolean accepted = spec.id() != null && reading.violations().isEmpty() && request.accepted();
    if (!violations.isEmpty() && !accepted) {
      Outcome refused = new Outcome();
      Violation first = violations.getFirst();
      // What a refused request says of itself is repeated only where it is well-formed.
      boolean named = spec.id() != null && RequestReader.NAME.matcher(spec.id()).matches();
      String said = spec.correlationId() != null && RequestReader.isCorrelationId(spec.correlationId()) ? spec.correlationId() : null;
      boolean signed = violations.stream().noneMatch(violation -> violation.field().equals("actor"));
      refused.events().add(new Recorded.OfRejection(new JobId(named ? spec.id() : derived), first.code(), first.field(), first.message(), source,
          said, clock.instant(), new Cause(source, signed ? actor : "anonymous", said)));
      outbox.emit(refused);
      return;
    }
    JobId id = new JobId(spec.id() == null ? derived : spec.id());
    String correlation = spec.correlationId() == null ? id.value() : spec.correlationId();
    Origin origin = new Origin(source, RequestHash.of(spec), request.at(), correlation, actor, request.traceparent());
    Input.SubmitJob submit = new Input.SubmitJob(id, spec, origin);
    handle(violations.isEmpty() ? submit : new Input.RefuseJob(submit, violations.getFirst()), new Cause(source, actor, correlation), source);
  }

  public void control(ControlCommand command, String source) {
    if (command.getType().equals("SetFlags")) {
      setFlags(command);
    } else if (command.getType().equals("ApplyPool")) {
      applyPool(command, source);
    } else {
      Input input = judged(() -> Optional.ofNullable(ReportInputs.read(command))).orElse(null);
      if (input == null) {
        outbox.askForInventory(command);
      } else {
        handle(input, new Cause(source, command.getActor(), command.getCorrelationId()), source);
      }
    }
  }

  public void report(WorkerReport report, String source) {
    handle(judged(() -> ReportInputs.read(report)), new Cause(source, report.getReporter(), null), source);
  }

  /// To be called again and again: what is due by time.
  public void tick() {
    if (!announced) {
      announced = true;
      flags.all().forEach(flag -> outbox.publish(flag, false));
      pools.all().forEach(pool -> outbox.publish(pool, false));
    }
    Outcome outcome = new Outcome();
    try {
      shard.tick(clock.instant(), outcome);
    } catch (RuntimeException e) {
      outbox.bug("tick", e);
    }
    outbox.emit(outcome);
  }

  /// In force from the next decision on; what was decided before stays.
  private void setFlags(ControlCommand command) {
    List<Flag> changed = judged(() -> flags.set(command, clock.instant()));
    shard.apply(flags.flags());
    for (Flag flag : changed) {
      outbox.publish(flag, true);
      LOG.info("flag_set flag={} value={} generation={} actor={}", flag.getName(), flag.getValue(), flag.getGeneration(), flag.getActor());
    }
  }

  /// Those who wait may be scheduled by it, those who are idle or kept may go sooner; nobody who works is harmed.
  private void applyPool(ControlCommand command, String source) {
    Pool applied = judged(() -> pools.apply(command, clock.instant()));
    outbox.publish(applied, true);
    handle(new Input.ApplyPool(PoolRecords.read(applied)), new Cause(source, command.getActor(), command.getCorrelationId()), source);
    LOG.info("pool_applied pool={} generation={} actor={}", applied.getName(), applied.getGeneration(), applied.getActor());
  }

  private void handle(Input input, Cause cause, String source) {
    Outcome outcome = new Outcome();
    try {
      shard.handle(input, cause, clock.instant(), outcome);
    } catch (RuntimeException e) {
      outbox.bug("decision on " + input.getClass().getSimpleName() + " of " + source, e);
      outbox.deadLetter(source, "BUG " + e);
    }
    outbox.emit(outcome);
  }

  /// Reads by rules of our own: what they throw unasked is a bug of ours, and the record goes the way of an unreadable one.
  <T> T judged(Supplier<T> rule) {
    try {
      return rule.get();
    } catch (UnreadableException | KafkaException | UnknownSchemaException e) {
      throw e;
    } catch (RuntimeException e) {
      outbox.bug("rule", e);
      throw new UnreadableException("BUG " + e, e);
    }
  }
}
