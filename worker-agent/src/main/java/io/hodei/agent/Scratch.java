package io.hodei.agent;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The scratch directory of a worker that takes one job after the other: what was not there before the first is removed after each. Run's
/// thread, when nothing of the job is alive. Never follows a link.
final class Scratch {
  private final Path directory;
  private final Set<Path> provided;

  private final Set<PosixFilePermission> permissions;

  private Scratch(Path directory, Set<Path> provided, Set<PosixFilePermission> permissions) {
    this.directory = directory;
    this.provided = provided;
    this.permissions = permissions;
  }

  /// As it is before the first job.
  static Scratch of(Path directory) {
    try {
      return new Scratch(directory, entries(directory), Files.getPosixFilePermissions(directory));
    } catch (IOException e) {
      // Then the first attempt cannot be prepared either, and says why.
      return new Scratch(directory, Set.of(), PosixFilePermissions.fromString("rwx------"));
    }
  }

  /// Null when nothing of a job is left, else what is in the way.
  @Nullable String clean() {
    try {
      Files.setPosixFilePermissions(directory, permissions);
      for (Path entry : entries(directory)) {
        if (!provided.contains(entry)) {
          Files.walkFileTree(entry, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(emptied);
              return FileVisitResult.CONTINUE;
            }
          });
        }
      }
      return null;
    } catch (IOException e) {
      return "Expected to clean the scratch directory for the next job, but " + e;
    }
  }

  private static Set<Path> entries(Path directory) throws IOException {
    Set<Path> found = new HashSet<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(found::add);
    }
    return found;
  }
}
