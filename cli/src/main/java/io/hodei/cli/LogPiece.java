package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// What a log's answer consists of: entries, then one end.
sealed interface LogPiece {
  /// A line with its line's end, or a piece of one; the bytes as the job wrote them.
  record Entry(int attempt, long seq, boolean stderr, byte[] bytes) implements LogPiece {}

  /// `missing`: the gaps, as `[[first,last],…]`.
  record End(boolean complete, JsonNode missing) implements LogPiece {}
}
