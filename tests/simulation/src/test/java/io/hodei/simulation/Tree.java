package io.hodei.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/// The sources that decide and simulate, as a number: the same tree leads to the same seeds here and everywhere.
final class Tree {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../..").normalize();
  private static final List<String> SOURCES = List.of("libs/job-domain", "dispatcher", "lifecycle-service", "gc-service", "worker-agent", "tests/simulation");

  private Tree() {}

  static Path root() {
    return ROOT;
  }

  static long hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String module : SOURCES) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(Files.readAllBytes(file));
          }
        }
      }
      return java.nio.ByteBuffer.wrap(digest.digest()).getLong() >>> 16;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected a JDK with SHA-256", e);
    }
  }
}
