package io.hodei.kit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/// The default of `hodei.installation-id`.
public final class InstallationId {
  private static final int HEX = 12;

  private InstallationId() {}

  /// The configured id, else that of the Kafka cluster.
  public static String of(Settings settings, Admin admin) {
    String configured = settings.text(Key.INSTALLATION_ID);
    return configured.isBlank() ? ofCluster(clusterId(admin)) : configured;
  }

  private static String clusterId(Admin admin) {
    try {
      return admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Expected Kafka to tell its cluster id, but: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking Kafka for its cluster id", e);
    }
  }

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
