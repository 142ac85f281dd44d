package io.hodei.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Passwords that are drawn once and kept in a file that only its owner reads.
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String of(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] bits = new byte[24];
      RANDOM.nextBytes(bits);
      DataDirectory.write(file, HexFormat.of().formatHex(bits));
    }
    return Files.readString(file).strip();
  }
}
