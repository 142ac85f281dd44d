package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private final DeadLetters letters = new DeadLetters(Settings.of(Map.of()), "a-service", new SimpleMeterRegistry());

  @Test
  void aLetterIsTheRecordWithItsReason() {
    byte[] value = {0, -1, 7};
    ProducerRecord<String, byte[]> letter = letters.letter("t-1", 2, 33, "k", value, "Expected better.");
    assertEquals("hodei.dead-letters", letter.topic());
    assertEquals("t-1-2-33", letter.key());
    assertSame(value, letter.value());
    assertEquals("Expected better.", text(letter.headers(), DeadLetters.REASON));
    assertEquals("a-service", text(letter.headers(), DeadLetters.SERVICE));
    assertEquals("k", text(letter.headers(), DeadLetters.ORIGINAL_KEY));
    assertNull(letter.headers().lastHeader(DeadLetters.ORIGINAL_SIZE));
    assertEquals(0, letters.letter("t", 0, 0, null, null, "r").value().length);
  }

  @Test
  void aKeyThatIsNoTextIsKeptByteForByte() {
    byte[] key = {(byte) 0xC3, 0x28, (byte) 0xFF};
    assertArrayEquals(key, letters.headers(key, new byte[0], "r").lastHeader(DeadLetters.ORIGINAL_KEY).value());
  }

  @Test
  void aRecordThatIsTooLargeIsCutSoThatTheLetterFits() {
    byte[] value = new byte[50 * 1024 * 1024];
    ProducerRecord<String, byte[]> letter = letters.letter("t", 0, 1, "k".repeat(1_000_000), value, "r".repeat(1_000_000));
    assertEquals(DeadLetters.LARGEST_VALUE, letter.value().length);
    assertEquals("52428800", text(letter.headers(), DeadLetters.ORIGINAL_SIZE));
    assertEquals("1000000", text(letter.headers(), DeadLetters.ORIGINAL_KEY_SIZE));
    int size = letter.key().length() + letter.value().length;
    for (Header header : letter.headers()) {
      size += header.key().length() + header.value().length;
    }
    assertTrue(size < 2 * 1024 * 1024 - 1024, size + " bytes");
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
