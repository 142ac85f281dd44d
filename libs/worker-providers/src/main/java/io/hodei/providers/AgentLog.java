package io.hodei.providers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What an agent wrote to its stdout and stderr: for the message when it died. Any thread.
record AgentLog(Path file) {
  private static final int TAIL_BYTES = 2_048;
  private static final int LAST_WORDS_CHARS = 300;

  /// The last line that is not blank; empty when there is none.
  String lastWords() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      int length = Math.toIntExact(Math.min(TAIL_BYTES, log.length()));
      byte[] tail = new byte[length];
      log.seek(log.length() - length);
      log.readFully(tail);
      String last = new String(tail, StandardCharsets.UTF_8).lines()
          .map(String::strip).filter(line -> !line.isEmpty()).reduce("", (before, line) -> line);
      return last.length() > LAST_WORDS_CHARS ? last.substring(0, LAST_WORDS_CHARS) : last;
    } catch (IOException e) {
      return "";
    }
  }
}
