package io.hodei.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hodei.testkit.JobLog;
import java.util.ArrayList;
import java.util.List;

/// Reads a log's JSON lines as a job has written it: a line that came in pieces is put together again.
final class NumberedLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String WORD = "line ";

  private NumberedLines() {}

  /// The numbers of lines `line N`, -1 for any other line; `complete` as the last entry says.
  static JobLog read(String job, String body) throws JsonProcessingException {
    List<Integer> numbers = new ArrayList<>();
    StringBuilder begun = new StringBuilder();
    boolean complete = false;
    for (String entry : body.split("\n")) {
      JsonNode piece = MAPPER.readTree(entry);
      if (piece.path("end").asBoolean()) {
        complete = piece.path("complete").asBoolean();
        continue;
      }
      begun.append(piece.path("text").asText());
      if (!piece.path("partial").asBoolean()) {
        numbers.add(number(begun.toString()));
        begun.setLength(0);
      }
    }
    if (!begun.isEmpty()) {
      numbers.add(number(begun.toString()));
    }
    return new JobLog(job, numbers, complete);
  }

  private static int number(String line) {
    return line.matches(WORD + "\\d{1,9}") ? Integer.parseInt(line.substring(WORD.length())) : -1;
  }
}
