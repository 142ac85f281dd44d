package io.hodei.gc;

import org.jspecify.annotations.Nullable;

/// The newest complete snapshot of a provider instance, and the one before it.
record Looks(Snapshot newest, @Nullable Snapshot previous) {
  /// These looks after one more.
  Looks then(Snapshot next) {
    return new Looks(next, newest);
  }
}
