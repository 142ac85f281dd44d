package io.hodei.api;

import io.hodei.schemas.LogEntry;
import java.io.IOException;

/// Takes the lines of a log in order, in one of the formats. What is written may be held back until [#flush].
interface LogSink {
  void entry(int attempt, LogEntry entry) throws IOException;

  void end(LogSummary summary) throws IOException;

  void flush() throws IOException;

  /// Nothing has come for a moment: a chance to show that the answer is alive, where the format has a way.
  default void quiet() throws IOException {}
}
