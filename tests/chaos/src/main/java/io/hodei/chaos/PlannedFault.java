package io.hodei.chaos;

import java.time.Duration;

/// A fault: when it begins, how long it lasts, and `choice`, the number that picks an agent among those that live then.
record PlannedFault(Duration at, FaultKind kind, Duration length, int choice) {}
