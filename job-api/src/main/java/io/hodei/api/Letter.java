package io.hodei.api;

import io.hodei.kit.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A dead letter: a record that could not be read, where it came from, and why. Its headers and bytes may be anything; nothing in
/// them is believed.
///
/// @param topic, partition, offset where the record was
/// @param size of the record's value, which may be longer than `value`
/// @param keySize of the record's key; -1 when it has none
/// @param place the letter's own offset
/// @param isText whether the whole value is UTF-8 that people can read: without control characters, which framed Avro begins with
record Letter(String id, String topic, int partition, long offset, Instant at, @Nullable String reason, @Nullable String service,
    byte @Nullable [] key, long keySize, byte[] value, long size, boolean isText, boolean isWhole, long place) {
  /// Longest id: a topic's name has at most 249 characters.
  static final int MAX_ID = 280;

  /// What a list shows of each value, key and reason, in bytes or characters.
  static final int EXCERPT = 256;
  static final int REASON_EXCERPT = 1000;

  private static final Pattern ID = Pattern.compile("([A-Za-z0-9._-]{1,249})-(\\d{1,9})-(\\d{1,18})");
  private static final Pattern SIZE = Pattern.compile("\\d{1,10}");

  static boolean isId(String text) {
    return text.length() <= MAX_ID && ID.matcher(text).matches();
  }

  /// The letter in `record`, whole; null when its key is no id.
  static @Nullable Letter of(ConsumerRecord<String, byte[]> record) {
    Matcher id = ID.matcher(record.key() == null ? "" : record.key());
    if (!id.matches()) {
      return null;
    }
    byte[] value = record.value();
    byte[] key = header(record, DeadLetters.ORIGINAL_KEY);
    long size = size(record, DeadLetters.ORIGINAL_SIZE, value.length);
    long keySize = key == null ? -1 : size(record, DeadLetters.ORIGINAL_KEY_SIZE, key.length);
    return new Letter(record.key(), id.group(1), Integer.parseInt(id.group(2)), Long.parseLong(id.group(3)), Instant.ofEpochMilli(record.timestamp()),
        text(header(record, DeadLetters.REASON)), text(header(record, DeadLetters.SERVICE)), key, keySize, value, size, isText(value),
        size == value.length && keySize == (key == null ? -1 : key.length), record.offset());
  }

  /// The same with no more of it than a list shows.
  Letter shortened() {
    String why = reason != null && reason.length() > REASON_EXCERPT ? reason.substring(0, REASON_EXCERPT) + "…" : reason;
    String who = service != null && service.length() > EXCERPT ? service.substring(0, EXCERPT) + "…" : service;
    return new Letter(id, topic, partition, offset, at, why, who, key == null ? null : excerpt(key, isText(key)), keySize, excerpt(value, isText), size,
        isText, isWhole, place);
  }

  /// @param replayable whether [LetterWithdrawal] takes it
  Map<String, @Nullable Object> json(boolean replayable) {
    boolean textKey = key != null && isText(key);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("topic", topic);
    json.put("partition", partition);
    json.put("offset", offset);
    json.put("at", Rfc3339.text(at));
    json.put("reason", reason);
    json.put("service", service);
    json.put("key", textKey ? new String(key, StandardCharsets.UTF_8) : null);
    json.put("keyBase64", key == null || textKey ? null : Base64.getEncoder().encodeToString(key));
    json.put("size", size);
    json.put("text", isText ? new String(value, StandardCharsets.UTF_8) : null);
    json.put("base64", isText ? null : Base64.getEncoder().encodeToString(value));
    json.put("truncated", value.length < size || key != null && key.length < keySize);
    json.put("replayable", replayable);
    return json;
  }

  private static byte[] excerpt(byte[] bytes, boolean text) {
    if (bytes.length <= EXCERPT) {
      return bytes;
    }
    int end = EXCERPT;
    while (text && end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static byte @Nullable [] header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /// The size that a header tells; that of what is there when it tells none.
  private static long size(ConsumerRecord<String, byte[]> record, String name, int there) {
    String told = text(header(record, name));
    return told != null && SIZE.matcher(told).matches() ? Math.max(there, Long.parseLong(told)) : there;
  }

  private static boolean isText(byte[] bytes) {
    for (byte each : bytes) {
      if (each >= 0 && each < ' ' && each != '\t' && each != '\n' && each != '\r') {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
