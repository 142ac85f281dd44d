package io.hodei.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a reader of a log asks for. `attempt` null: all, in order. `from` is the first sequence number shown of the first
/// attempt that is shown.
record LogQuery(boolean follow, @Nullable String stream, @Nullable Integer attempt, long from, long limit, @Nullable String search,
    Format format) {
  static final String[] PARAMETERS = {"follow", "stream", "attempt", "from", "limit", "search", "format"};

  /// `SSE`: the JSON lines as server-sent events.
  enum Format { TEXT, JSON, SSE }

  static LogQuery of(Query query, boolean eventStream) {
    String format = query.oneOf("format", List.of("text", "json"));
    long attempt = query.number("attempt", 1, Integer.MAX_VALUE, 0);
    return new LogQuery(query.flag("follow"), query.oneOf("stream", List.of("stdout", "stderr")), attempt == 0 ? null : (int) attempt,
        query.number("from", 1, Long.MAX_VALUE, 1), query.number("limit", 1, Long.MAX_VALUE, Long.MAX_VALUE), query.text("search"),
        eventStream ? Format.SSE : "json".equals(format) ? Format.JSON : Format.TEXT);
  }
}
