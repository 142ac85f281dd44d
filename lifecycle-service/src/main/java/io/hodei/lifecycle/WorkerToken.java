package io.hodei.lifecycle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// The secret of one worker: 256 random bits. Only its hash is told to anybody but the worker.
public record WorkerToken(String secret) {
  private static final SecureRandom RANDOM = new SecureRandom();

  static WorkerToken draw() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return new WorkerToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /// SHA-256 of the secret's UTF-8 bytes, hex.
  public String hash() {
    return HexFormat.of().formatHex(sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 in every JDK, but: " + e, e);
    }
  }

  @Override
  public String toString() {
    return "WorkerToken[…]";
  }
}
