package io.hodei.testkit;

import java.time.Instant;

/// Infrastructure of a worker that was there: a process or a scratch directory, `what` in words. `at` is when the look began, so that whatever was
/// seen lived after it.
public record Sighting(String worker, Instant at, String what) {}
