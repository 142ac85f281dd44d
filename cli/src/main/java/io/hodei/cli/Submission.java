package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends jobs so that each is accepted once: a lost answer is asked for again with the same Idempotency-Key.
final class Submission {
  private static final int KEY_BYTES = 16;

  private Submission() {}

  /// `key` null: none is sent.
  static Api.Answer send(Api api, String path, @Nullable JsonNode body, @Nullable String key) {
    Patience patience = new Patience(LogFollower.PATIENCE);
    Map<String, String> headers = key == null ? Map.of() : Map.of("Idempotency-Key", key);
    boolean asked = false;
    while (true) {
      try {
        return api.post(path, body, headers);
      } catch (NobodyThere e) {
        if (!asked) {
          throw e;
        }
        patience.lost(e);
      } catch (Unreachable e) {
        asked = true;
        patience.lost(e);
      } catch (Refused e) {
        if (!e.isTransient()) {
          throw e;
        }
        asked = true;
        patience.lost(e);
      }
    }
  }

  /// 128 random bits, from the kernel: SecureRandom takes 10 ms and more to start.
  static String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    try (FileInputStream random = new FileInputStream("/dev/urandom")) {
      if (random.readNBytes(bytes, 0, KEY_BYTES) == KEY_BYTES) {
        return HexFormat.of().formatHex(bytes);
      }
    } catch (IOException e) {
      new SecureRandom().nextBytes(bytes);
      return HexFormat.of().formatHex(bytes);
    }
    throw new IllegalStateException("Expected " + KEY_BYTES + " bytes from /dev/urandom, but it ended");
  }
}
