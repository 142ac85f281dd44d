package io.hodei.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The one directory of an installation on this machine: its data, configuration, logs and records of what runs. Any
/// thread. Nothing is put into a directory that is not ours, and nothing else is ever removed.
record DataDirectory(Path root) {
  /// Grows when an older Hodei could no longer read the directory.
  static final int FORMAT = 1;
  static final String MARKER = "hodei-data.json";
  private static final long LEAST_FREE_BYTES = 200L << 20;

  DataDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /// Makes the directory, or checks the one that is there.
  ///
  /// @throws StandaloneException when it cannot be written, is full, is not ours or is a newer Hodei's
  void prepare() {
    try {
      if (!isOurs() && Files.exists(root) && !holdsNothingForeign()) {
        throw new StandaloneException("Expected an empty directory or one that Hodei made at " + root
            + ", but it holds other files; give another one with --data.");
      }
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      for (Path each : List.of(log(), run(), workers())) {
        Files.createDirectories(each);
      }
      if (isOurs()) {
        checkFormat();
      } else {
        write(root.resolve(MARKER), Json.text(Map.of("format", FORMAT, "createdBy", Version.text())));
      }
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < LEAST_FREE_BYTES) {
        throw new StandaloneException("Expected " + (LEAST_FREE_BYTES >> 20) + " MiB free for " + root + ", but there are "
            + (free >> 20) + " MiB; free some, or give another directory with --data.");
      }
    } catch (IOException e) {
      throw new StandaloneException("Expected to write in " + root + ", but: " + e
          + "; make it writable for " + System.getProperty("user.name") + ", or give another directory with --data.", e);
    }
  }

  boolean isOurs() {
    return Files.isRegularFile(root.resolve(MARKER));
  }

  /// Removes everything, the directory too.
  void purge() {
    if (!isOurs()) {
      throw new StandaloneException("Expected a data directory of Hodei at " + root + ", but it has no " + MARKER
          + "; nothing was removed.");
    }
    try {
      Path marker = root.resolve(MARKER);
      Files.walkFileTree(root, new Removal(marker));
      Files.delete(marker);
      Files.delete(root);
    } catch (IOException e) {
      throw new StandaloneException("Expected to remove " + root + ", but: " + e + "; remove the rest by hand.", e);
    }
  }

  Path config() {
    return root.resolve("hodei.yaml");
  }

  /// What the running `up` tells its clients.
  Path upFile() {
    return root.resolve("up.json");
  }

  Path lock() {
    return root.resolve("up.lock");
  }

  Path ports() {
    return root.resolve("ports.json");
  }

  Path run() {
    return root.resolve("run");
  }

  Path log() {
    return root.resolve("log");
  }

  Path kafka() {
    return root.resolve("kafka");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path registry() {
    return root.resolve("registry");
  }

  Path workers() {
    return root.resolve("workers");
  }

  /// Writes a file that only its owner reads, all or nothing.
  static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, text, StandardCharsets.UTF_8);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void checkFormat() throws IOException {
    JsonNode marker = Json.MAPPER.readTree(root.resolve(MARKER).toFile());
    int format = marker.path("format").asInt(0);
    if (format != FORMAT) {
      throw new StandaloneException("Expected a data directory of format " + FORMAT + " at " + root + ", but it is of format "
          + format + ", made by Hodei " + marker.path("createdBy").asText("of an unknown version")
          + "; use that version, or give another directory with --data.");
    }
  }

  private boolean holdsNothingForeign() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new StandaloneException("Expected a directory at " + root + ", but it is a file; give another one with --data.");
    }
    try (Stream<Path> files = Files.list(root)) {
      return files.allMatch(file -> List.of("hodei.yaml", "ports.json", "log").contains(file.getFileName().toString()));
    }
  }

  /// Removes all but the marker, which goes last: what was removed by half can be removed again.
  private static final class Removal extends SimpleFileVisitor<Path> {
    private final Path marker;

    Removal(Path marker) {
      this.marker = marker;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!file.equals(marker)) {
        Files.deleteIfExists(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, java.io.@org.jspecify.annotations.Nullable IOException e) throws IOException {
      if (!directory.equals(marker.getParent())) {
        Files.deleteIfExists(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
