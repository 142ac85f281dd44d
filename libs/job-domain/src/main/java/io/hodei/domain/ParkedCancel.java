package io.hodei.domain;

import java.time.Instant;

/// A cancellation that came before its job: kept until `until`.
public record ParkedCancel(JobId job, Cause cause, Instant until) {}
