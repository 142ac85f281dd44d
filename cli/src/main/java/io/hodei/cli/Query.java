package io.hodei.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds the path and query of a call.
final class Query {
  private final StringBuilder text;
  private boolean started;

  Query(String path) {
    this.text = new StringBuilder(path);
  }

  /// Leaves a null out.
  Query with(String name, @Nullable Object value) {
    if (value != null) {
      text.append(started ? '&' : '?').append(name).append('=').append(Api.escape(value.toString()));
      started = true;
    }
    return this;
  }

  Query with(String name, List<String> values) {
    values.forEach(value -> with(name, (Object) value));
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
