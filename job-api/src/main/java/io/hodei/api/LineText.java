package io.hodei.api;

import io.hodei.schemas.LogEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a line says, without its end; `bytes` holds it exactly when it is not UTF-8, else null.
record LineText(String text, @Nullable ByteBuffer bytes) {
  /// `strict` reports what is not UTF-8.
  static LineText of(LogEntry entry, CharsetDecoder strict) {
    ByteBuffer line = entry.getData().duplicate();
    if (!entry.getPartial() && line.hasRemaining() && line.get(line.limit() - 1) == '\n') {
      line.limit(line.limit() - 1);
    }
    try {
      return new LineText(strict.decode(line.duplicate()).toString(), null);
    } catch (CharacterCodingException e) {
      return new LineText(StandardCharsets.UTF_8.decode(line.duplicate()).toString(), line);
    }
  }
}
