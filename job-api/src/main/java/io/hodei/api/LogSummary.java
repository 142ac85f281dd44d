package io.hodei.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is told at the end of a log: its lines, whether all of them are there, the gaps (first and last number of each), and,
/// when a limit cut the answer short, where the next page begins.
record LogSummary(long lines, boolean complete, List<List<Long>> missing, @Nullable Integer nextAttempt, @Nullable Long nextFrom) {}
