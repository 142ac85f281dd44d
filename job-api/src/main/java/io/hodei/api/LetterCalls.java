package io.hodei.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestIds;
import io.hodei.kit.Correlation;
import io.hodei.kit.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls on dead letters: list, show, replay, drop. Who replayed or dropped which is one log line each, and in the headers of the
/// tombstone for the day that Kafka keeps it.
final class LetterCalls {
  static final String[] PARAMETERS = {"topic", "limit", "cursor"};

  private static final Logger LOG = LoggerFactory.getLogger(LetterCalls.class);
  private static final HeaderName ACTOR = HeaderNames.create("X-Actor");
  private static final int MAX_LIMIT = 1000;

  private final Views views;
  private final LetterWithdrawal withdrawal;
  private final LetterReader reader;
  private final RequestDecoder decoder;
  private final CursorSeal seal;

  LetterCalls(Views views, LetterWithdrawal withdrawal, LetterReader reader, RequestDecoder decoder, CursorSeal seal) {
    this.views = views;
    this.withdrawal = withdrawal;
    this.reader = reader;
    this.decoder = decoder;
    this.seal = seal;
  }

  void list(ServerRequest request, ServerResponse response) {
    Query query = Query.of(request, PARAMETERS);
    String topic = query.text("topic");
    String cursor = query.text("cursor");
    String list = "dead-letters" + (topic == null ? "" : "?topic=" + topic);
    int limit = (int) query.number("limit", 1, MAX_LIMIT, 50);
    Cursor from = cursor == null ? null : seal.parse(cursor, list);
    views.requireLetters();
    LetterView.Page page = views.letters.page(from, limit, letter -> topic == null || topic.equals(letter.topic()));
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("items", page.letters().stream().map(this::json).toList());
    body.put("nextCursor", page.next() == null ? null : seal.text(page.next(), list));
    body.put("olderOmitted", page.olderOmitted());
    Answer.ok(response, body);
  }

  void get(ServerRequest request, ServerResponse response) throws InterruptedException {
    Query.of(request);
    String id = id(request);
    views.requireLetters();
    Letter known = views.letters.find(id);
    Letter letter = known == null ? null : reader.whole(known);
    if (letter == null) {
      throw Problems.noLetter(id);
    }
    Answer.ok(response, json(letter));
  }

  void replay(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String id = id(request);
    LetterWithdrawal.Asker asker = asker(request, response, RequestBody.object(request));
    views.requireLetters();
    LetterWithdrawal.Done done = withdrawal.replay(id, asker);
    RecordMetadata at = java.util.Objects.requireNonNull(done.replayedAs());
    String place = Source.text(at.topic(), at.partition(), at.offset());
    LOG.info("dead_letter_replayed dead_letter={} replayed_as={} actor={} reason={} correlation_id={}", id, place, Json.text(asker.actor()),
        Json.text(asker.reason()), asker.correlationId());
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("replayedAs", place);
    body.put("jobId", jobId(done.letter(), place));
    body.put("tombstone", text(done.tombstone()));
    Answer.accepted(response, body);
  }

  void drop(ServerRequest request, ServerResponse response) throws Exception {
    Query.of(request);
    String id = id(request);
    LetterWithdrawal.Asker asker = asker(request, response, RequestBody.object(request));
    views.requireLetters();
    LetterWithdrawal.Done done = withdrawal.drop(id, asker);
    LOG.info("dead_letter_dropped dead_letter={} actor={} reason={} correlation_id={}", id, Json.text(asker.actor()), Json.text(asker.reason()),
        asker.correlationId());
    Answer.ok(response, Map.of("id", id, "tombstone", text(done.tombstone())));
  }

  private Map<String, @Nullable Object> json(Letter letter) {
    return letter.json(withdrawal.isReplayable(letter));
  }

  /// The job that the bytes of `letter` become at `place`; null when they still hold no request, and will be a letter again.
  private @Nullable String jobId(Letter letter, String place) {
    Reading reading = decoder.read(letter.value());
    return reading == null || !reading.violations().isEmpty() ? null : reading.spec().id() == null ? RequestIds.of(place) : reading.spec().id();
  }

  private static LetterWithdrawal.Asker asker(ServerRequest request, ServerResponse response, Map<String, Object> body) {
    String actor = ControlCalls.optionalText(body, "actor", "actor", "reason");
    return new LetterWithdrawal.Asker(actor == null ? request.headers().first(ACTOR).orElse("anonymous") : actor,
        ControlCalls.optionalText(body, "reason", "actor", "reason"), Correlation.of(response));
  }

  private static String id(ServerRequest request) {
    String id = request.path().pathParameters().get("id");
    if (!Letter.isId(id)) {
      throw Problems.badLetterId(id);
    }
    return id;
  }

  private static String text(RecordMetadata place) {
    return Source.text(place.topic(), place.partition(), place.offset());
  }
}
