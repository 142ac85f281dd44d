package io.hodei.audit;

import io.hodei.kit.Codec;
import io.hodei.kit.Json;
import io.hodei.schemas.GcEvent;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerEvent;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Records of the three event topics to rows. Thread-safe.
final class EventReader {
  /// The topics that audit remembers.
  static final List<Topic> TOPICS = List.of(Topic.JOB_EVENTS, Topic.WORKER_EVENTS, Topic.GC_EVENTS);
  private static final Map<Topic, Class<? extends SpecificRecord>> TYPES =
      Map.of(Topic.JOB_EVENTS, JobEvent.class, Topic.WORKER_EVENTS, WorkerEvent.class, Topic.GC_EVENTS, GcEvent.class);
  /// Characters of an event id: it is a key.
  static final int MAX_EVENT_ID = 200;

  /// The record is no event, and never will be.
  static final class Unreadable extends Exception {
    Unreadable(String message) {
      super(message, null, false, false);
    }
  }

  /// The schema registry is away: the same record may be read later.
  static final class NotNow extends Exception {
    NotNow(Throwable cause) {
      super("Expected the schema registry to answer, but: " + cause.getMessage(), cause);
    }
  }

  private final Codec codec;
  private final Map<String, Topic> topics = new LinkedHashMap<>();

  /// @param names each topic's full name
  EventReader(Codec codec, Map<Topic, String> names) {
    this.codec = codec;
    names.forEach((topic, name) -> topics.put(name, topic));
  }

  EventRow row(ConsumerRecord<String, byte[]> record) throws Unreadable, NotNow {
    SpecificRecord event = event(record);
    Map<String, Object> payload = payload(event);
    String eventId = text(payload, "eventId");
    if (eventId.isEmpty() || eventId.length() > MAX_EVENT_ID) {
      throw new Unreadable("Expected an eventId of 1 to " + MAX_EVENT_ID + " characters, but found " + eventId.length() + ".");
    }
    Instant occurredAt = (Instant) event.get(event.getSchema().getField("occurredAt").pos());
    int year = occurredAt.atOffset(ZoneOffset.UTC).getYear();
    if (year < 0 || year > 9999) {
      throw new Unreadable("Expected occurredAt in the years 0 to 9999, but found " + occurredAt + ".");
    }
    return new EventRow(eventId, new Place(record.topic(), record.partition(), record.offset()), text(payload, "type"),
        maybe(payload, "jobId"), maybe(payload, "workerId"), text(payload, "correlationId"), maybe(payload, "causationId"),
        text(payload, "actor"), maybe(payload, "tenant"), occurredAt, Json.text(payload));
  }

  private SpecificRecord event(ConsumerRecord<String, byte[]> record) throws Unreadable, NotNow {
    Topic topic = topics.get(record.topic());
    if (topic == null || record.value() == null) {
      throw new Unreadable("Expected an event, but found " + (record.value() == null ? "a tombstone." : "topic " + record.topic() + "."));
    }
    try {
      return codec.value(topic, record.value(), TYPES.get(topic));
    } catch (RuntimeException e) {
      if (isRegistryAway(e)) {
        throw new NotNow(e);
      }
      throw new Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /// The registry's failures are I/O; bytes that end early or hold impossible numbers are I/O errors too, and ours to keep.
  private static boolean isRegistryAway(RuntimeException failure) {
    Throwable cause = failure.getCause();
    return cause instanceof IOException && !(cause instanceof EOFException) && !(cause instanceof InvalidNumberEncodingException);
  }

  /// The whole flat record under the contract's names.
  private static Map<String, Object> payload(SpecificRecord event) {
    Map<String, Object> payload = new LinkedHashMap<>();
    for (Schema.Field field : event.getSchema().getFields()) {
      payload.put(field.name(), plain(event.get(field.pos())));
    }
    return payload;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Instant time -> JsonTime.text(time);
      case CharSequence text -> storable(text.toString());
      case Boolean flag -> flag;
      case Number number -> number;
      case List<?> list -> list.stream().map(EventReader::plain).toList();
      default -> storable(value.toString());
    };
  }

  /// Postgres stores no NUL character, and no half of a surrogate pair in jsonb.
  static String storable(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        mended = mended == null ? new StringBuilder(text) : mended;
        mended.setCharAt(i, '\uFFFD');
      }
    }
    return mended == null ? text : mended.toString();
  }

  private static String text(Map<String, Object> payload, String name) {
    Object value = payload.get(name);
    return value == null ? "" : value.toString();
  }

  private static @Nullable String maybe(Map<String, Object> payload, String name) {
    Object value = payload.get(name);
    return value == null ? null : value.toString();
  }
}
