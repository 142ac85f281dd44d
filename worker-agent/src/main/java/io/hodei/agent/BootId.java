package io.hodei.agent;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/// 128 random bits from the kernel: Java's own source of them would load its security providers first, which a start
/// of 100 ms feels.
final class BootId {
  private static final int BYTES = 16;

  private BootId() {}

  static String draw() {
    try (var random = new FileInputStream("/dev/urandom")) {
      return HexFormat.of().formatHex(random.readNBytes(BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
