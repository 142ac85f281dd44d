package io.hodei.dispatcher;

import io.hodei.domain.JobEvolution;
import io.hodei.domain.Recorded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place that logs transitions: one INFO line per job transition, one per destroyed or lost worker.
final class Transitions {
  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);

  private Transitions() {}

  static void log(Recorded recorded) {
    switch (recorded) {
      case Recorded.OfJob job when job.before() == null || job.before().state() != job.after().state() -> {
        var result = JobEvolution.resultOf(job.event());
        LOG.info("job_transition job_id={} from={} to={} event={} attempt={} reason={} correlation_id={}", job.after().id(),
            job.before() == null ? null : job.before().state(), job.after().state(), job.event().type(), job.after().head().attempt(),
            result == null ? null : result.reason(), job.after().head().origin().correlationId());
      }
      case Recorded.OfWorker worker when worker.before() != null && worker.before().state() != worker.after().state() ->
          LOG.debug("worker_transition worker_id={} from={} to={} event={} job_id={}", worker.after().id(), worker.before().state(),
              worker.after().state(), worker.event().type(), EventRecords.jobOf(worker.after()));
      case Recorded.OfProvider provider -> LOG.warn("provider_transition provider_id={} provider={} event={} message=\"{}\"", provider.after().id(),
          provider.after().type(), provider.event().type(), provider.after().trouble());
      case Recorded.OfRejection rejection -> LOG.info("request_rejected source={} code={} field={} message=\"{}\"", rejection.source(),
          rejection.code(), rejection.field(), rejection.message());
      default -> {
      }
    }
  }
}
