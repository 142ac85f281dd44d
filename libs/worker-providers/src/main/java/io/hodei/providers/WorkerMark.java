package io.hodei.providers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The mark that every process of a worker carries in its environment: whose it is. Read from other processes, so
/// hostile input: for a worker id that is not safe as a file name there is a stand-in, which is.
record WorkerMark(String installationId, String workerId) {
  static final String WORKER_VARIABLE = "HODEI_WORKER_ID";
  static final String INSTALLATION_VARIABLE = "HODEI_INSTALLATION_ID";

  /// In the environment of an agent in a container, which may be seen from its host as well; its value is the provider's type. No job has it.
  static final String PROVIDER_VARIABLE = "HODEI_PROVIDER";

  /// In place of the mark of what runs in a container: another provider's, whoever's it is.
  static final WorkerMark IN_A_CONTAINER = new WorkerMark("", "");

  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern STAND_IN = Pattern.compile("unsafe-[0-9a-f]{16}");
  private static final byte[] WORKER_ENTRY = entry(WORKER_VARIABLE);
  private static final byte[] INSTALLATION_ENTRY = entry(INSTALLATION_VARIABLE);
  private static final byte[] PROVIDER_ENTRY = entry(PROVIDER_VARIABLE);

  /// Whether this id may become a directory's name.
  static boolean safe(String workerId) {
    return SAFE_ID.matcher(workerId).matches();
  }

  /// The same id when it is safe, else `unsafe-` and the first 16 hex digits of its SHA-256.
  static String safeOrStandIn(String workerId) {
    return safe(workerId) ? workerId : "unsafe-" + HexFormat.of().formatHex(Sha256.of(workerId), 0, 8);
  }

  /// Whether this id was made up for one that is not safe.
  static boolean standsIn(String workerId) {
    return STAND_IN.matcher(workerId).matches();
  }

  /// The mark in the NUL-separated entries of an environment, the first of each variable counting; empty when one of
  /// the two is missing or the worker id is empty, which to most programs is the same, [#IN_A_CONTAINER] for a container's agent. The worker id is always safe.
  static Optional<WorkerMark> in(byte[] environ, int length) {
    @Nullable String worker = null;
    @Nullable String installation = null;
    boolean inContainer = false;
    int start = 0;
    while (start < length && !inContainer) {
      int end = start;
      while (end < length && environ[end] != 0) {
        end++;
      }
      if (worker == null) {
        worker = value(environ, start, end, WORKER_ENTRY);
      }
      if (installation == null) {
        installation = value(environ, start, end, INSTALLATION_ENTRY);
      }
      inContainer = value(environ, start, end, PROVIDER_ENTRY) != null;
      start = end + 1;
    }
    if (inContainer) {
      return Optional.of(IN_A_CONTAINER);
    }
    return worker == null || worker.isEmpty() || installation == null
        ? Optional.empty()
        : Optional.of(new WorkerMark(installation, safeOrStandIn(worker)));
  }

  private static @Nullable String value(byte[] bytes, int start, int end, byte[] entry) {
    if (end - start < entry.length) {
      return null;
    }
    for (int i = 0; i < entry.length; i++) {
      if (bytes[start + i] != entry[i]) {
        return null;
      }
    }
    int from = start + entry.length;
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private static byte[] entry(String variable) {
    return (variable + "=").getBytes(StandardCharsets.US_ASCII);
  }
}
