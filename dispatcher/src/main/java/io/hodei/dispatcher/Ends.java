package io.hodei.dispatcher;

import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.schemas.WorkerReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An agent's report of the end as a report on `hodei.worker-reports`.
final class Ends {
  private Ends() {}

  static WorkerReport.Builder fill(WorkerReport.Builder report, ReportEndRequest end) {
    return report.setBootId(end.getBootId()).setJobId(end.getJobId()).setAttempt(end.getAttempt()).setEpoch(end.getEpoch())
        .setReason(end.getReason()).setCategory(text(end.getCategory())).setExitCode(end.getHasExitCode() ? (Integer) end.getExitCode() : null)
        .setSignal(end.getSignal() == 0 ? null : (Integer) end.getSignal()).setMessage(text(end.getMessage())).setSuggestedAction(text(end.getSuggestedAction()))
        .setStartedAt(at(end.getStartedAtMs())).setEndedAt(at(end.getEndedAtMs())).setLogPartition(end.getLogPartition())
        .setLogFirstOffset(end.getLogFirstOffset()).setLogLastOffset(end.getLogLastOffset()).setLogLines(end.getLog().getLines())
        .setLogBytes(end.getLog().getBytes()).setLogComplete(end.getLogComplete()).setUnfit(text(end.getUnfit()));
  }

  private static @Nullable String text(String value) {
    return value.isEmpty() ? null : value;
  }

  private static @Nullable Instant at(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
