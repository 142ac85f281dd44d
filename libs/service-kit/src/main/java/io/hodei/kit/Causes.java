package io.hodei.kit;

/// What a failure was caused by, however deep Kafka has wrapped it.
public final class Causes {
  private Causes() {}

  /// Whether `failure`, or something in the chain of its causes, is one of `kinds`.
  @SafeVarargs
  public static boolean include(Throwable failure, Class<? extends Throwable>... kinds) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      for (Class<? extends Throwable> kind : kinds) {
        if (kind.isInstance(each)) {
          return true;
        }
      }
    }
    return false;
  }
}
