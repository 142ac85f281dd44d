package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An instance of a provider that has told of itself. `trouble` says why nothing can be asked of it since `since`; null: it has been there since then.
public record Provider(String id, String type, Instant since, @Nullable String trouble) {
  public boolean isAway() {
    return trouble != null;
  }
}
