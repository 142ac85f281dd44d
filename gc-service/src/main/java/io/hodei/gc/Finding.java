package io.hodei.gc;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a cycle found about one worker.
sealed interface Finding {
  String workerId();

  String providerId();

  /// `orphan`, `ghost`, `ended`, `clean` or `error`.
  String kind();

  /// In words.
  String detail();

  /// Infrastructure whose worker is unknown to the table, or over.
  ///
  /// @param lastSeen end of the look that saw it
  record Orphan(String workerId, String provider, String providerId, @Nullable String providerRef, Instant lastSeen, String detail) implements Finding {
    @Override
    public String kind() {
      return "orphan";
    }
  }

  /// A row whose infrastructure two looks did not find.
  record Ghost(WorkerRow row) implements Finding {
    @Override
    public String workerId() {
      return row.id();
    }

    @Override
    public String providerId() {
      return row.providerId();
    }

    @Override
    public String kind() {
      return "ghost";
    }

    @Override
    public String detail() {
      return row.state() + " since " + row.since() + ", and absent from two looks since then";
    }
  }

  /// A worker whose attempt ended and whose destruction nobody has asked for.
  record Ended(String workerId, String providerId) implements Finding {
    @Override
    public String kind() {
      return "ended";
    }

    @Override
    public String detail() {
      return "its attempt ended, and it was left to garbage collection";
    }
  }

  /// A terminated row of which nothing is left.
  record Clean(String workerId, String providerId) implements Finding {
    @Override
    public String kind() {
      return "clean";
    }

    @Override
    public String detail() {
      return "nothing of it is left";
    }
  }

  /// Something that cannot be judged.
  record Unjudged(String workerId, String providerId, String detail) implements Finding {
    @Override
    public String kind() {
      return "error";
    }
  }
}
