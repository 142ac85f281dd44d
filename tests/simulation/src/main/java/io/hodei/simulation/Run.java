package io.hodei.simulation;

import io.hodei.agent.Docket;
import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.ReportEndRequest;
import org.jspecify.annotations.Nullable;

/// One attempt of an agent.
final class Run {
  final Assignment job;
  boolean cancelled;
  boolean ended;
  @Nullable Execution execution;

  Run(Assignment job) {
    this.job = job;
  }

  /// After its end: whether the agent may take another.
  boolean leavesRoom(@Nullable Integer code) {
    return job.getReusable() && unfit(code) == null;
  }

  private @Nullable String unfit(@Nullable Integer code) {
    return Docket.unfitAfter(job, code != null && code == 0);
  }

  ReportEndRequest end(String worker, String bootId, String reason, @Nullable Integer code) {
    ReportEndRequest.Builder end = ReportEndRequest.newBuilder().setWorkerId(worker).setBootId(bootId).setJobId(job.getJobId()).setAttempt(job.getAttempt())
        .setEpoch(job.getEpoch()).setReason(reason);
    if (code != null) {
      end.setHasExitCode(true).setExitCode(code);
    }
    String unfit = unfit(code);
    if (job.getReusable() && unfit != null) {
      end.setUnfit(unfit);
    }
    return end.build();
  }
}
