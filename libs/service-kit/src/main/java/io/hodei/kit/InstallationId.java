package io.hodei.kit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The default of `hodei.installation-id`.
public final class InstallationId {
  private static final int HEX = 12;

  private InstallationId() {}

  /// 12 hex of the SHA-256 of the Kafka cluster's id.
  public static String ofCluster(String clusterId) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(clusterId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HEX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every JDK to have SHA-256", e);
    }
  }
}
