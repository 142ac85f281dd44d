package io.hodei.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells whether two requests ask for the same: equal for equal bodies with the defaults filled in, whatever the order of
/// their maps. Who asks (`actor`, `correlationId`) and what names it (`id`, `idempotencyKey`) do not count.
public final class RequestHash {
  private final StringBuilder canonical = new StringBuilder();

  private RequestHash() {}

  /// Lower-case hex SHA-256.
  public static String of(JobSpec spec) {
    RequestHash hash = new RequestHash();
    hash.text(spec.name());
    hash.text(spec.pool());
    hash.list(spec.command());
    hash.text(spec.script());
    hash.text(spec.image());
    hash.map(spec.env());
    hash.list(spec.secrets());
    hash.text(spec.workdir());
    hash.resources(spec.resources());
    hash.text(spec.timeout() == null ? null : spec.timeout().toString());
    hash.text(spec.queueTimeout().toString());
    hash.text(Integer.toString(spec.priority()));
    hash.retry(spec.retry());
    hash.map(spec.labels());
    hash.text(spec.tenant());
    hash.text(spec.providerConfig());
    hash.text(spec.retryOf());
    return HexFormat.of().formatHex(sha256(hash.canonical.toString().getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected a JDK with SHA-256", e);
    }
  }

  private void resources(@Nullable Resources resources) {
    if (resources == null) {
      count(0);
      return;
    }
    count(3);
    text(resources.cpu());
    text(resources.memory());
    text(resources.gpu() == null ? null : resources.gpu().toString());
  }

  private void retry(RetryPolicy retry) {
    text(Integer.toString(retry.maxAttempts()));
    text(retry.backoff().toString());
    text(retry.maxBackoff().toString());
    list(retry.onExitCodes().stream().sorted().map(String::valueOf).toList());
    list(retry.onReasons().stream().sorted().toList());
  }

  private void map(Map<String, String> map) {
    count(map.size());
    new TreeMap<>(map).forEach((key, value) -> {
      text(key);
      text(value);
    });
  }

  private void list(List<String> list) {
    count(list.size());
    list.forEach(this::text);
  }

  private void count(int size) {
    canonical.append('#').append(size).append(';');
  }

  /// The length goes before the text, so that no text can look like the end of a field.
  private void text(@Nullable String text) {
    if (text == null) {
      canonical.append("-;");
    } else {
      canonical.append(text.length()).append(':').append(text).append(';');
    }
  }
}
