package io.hodei.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows in the text format of `COPY … FROM STDIN`. Whatever a string holds, it stays inside its column.
final class CopyText {
  static final String COLUMNS = "event_id, topic, partition, record_offset, event_type, job_id, worker_id, correlation_id, causation_id, actor, tenant, occurred_at, payload";

  private CopyText() {}

  static byte[] of(List<EventRow> rows) {
    StringBuilder out = new StringBuilder(rows.size() * 1024);
    for (EventRow row : rows) {
      text(out, row.eventId()).append('\t');
      text(out, row.place().topic()).append('\t');
      out.append(row.place().partition()).append('\t').append(row.place().offset()).append('\t');
      text(out, row.type()).append('\t');
      text(out, row.jobId()).append('\t');
      text(out, row.workerId()).append('\t');
      text(out, row.correlationId()).append('\t');
      text(out, row.causationId()).append('\t');
      text(out, row.actor()).append('\t');
      text(out, row.tenant()).append('\t');
      time(out, row.occurredAt()).append('\t');
      text(out, row.payload()).append('\n');
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder time(StringBuilder out, Instant time) {
    return out.append(JsonTime.text(time));
  }

  private static StringBuilder text(StringBuilder out, @Nullable String value) {
    if (value == null) {
      return out.append("\\N");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out;
  }
}
