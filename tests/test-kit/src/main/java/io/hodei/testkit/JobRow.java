package io.hodei.testkit;

import org.jspecify.annotations.Nullable;

/// The last row of a job on `hodei.job-state`.
public record JobRow(String job, String state, @Nullable String key, long sequence) {}
