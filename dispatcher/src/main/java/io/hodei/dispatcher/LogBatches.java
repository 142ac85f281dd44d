package io.hodei.dispatcher;

import io.hodei.gateway.v1.SendLogsRequest;
import io.hodei.gateway.v1.Stream;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.LogEnd;
import io.hodei.schemas.LogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An agent's log batch as a record of `hodei.job-logs`.
final class LogBatches {
  private LogBatches() {}

  static LogBatch of(SendLogsRequest request) {
    List<LogEntry> entries = new ArrayList<>(request.getEntriesCount());
    for (io.hodei.gateway.v1.LogEntry entry : request.getEntriesList()) {
      entries.add(new LogEntry(entry.getSeq(), Instant.ofEpochMilli(entry.getAtMs()), entry.getStream() == Stream.STDERR ? "stderr" : "stdout",
          entry.getPartial(), entry.getData().asReadOnlyByteBuffer()));
    }
    LogEnd end = request.hasEnd() ? new LogEnd(request.getEnd().getLines(), request.getEnd().getBytes(), request.getEnd().getDroppedLines(),
        request.getEnd().getDroppedBytes()) : null;
    return new LogBatch(request.getJobId(), request.getWorkerId(), request.getAttempt(), request.getEpoch(), entries, end);
  }
}
