package io.hodei.domain;

import java.time.Duration;

/// The attempt that a worker is there for. `timeout` is the attempt's limit.
public record Binding(JobId job, int attempt, long epoch, String correlationId, String tenant, Duration timeout) {}
