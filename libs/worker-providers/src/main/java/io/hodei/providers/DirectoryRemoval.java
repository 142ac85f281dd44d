package io.hodei.providers;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Removes a directory a job had to itself. Runs on the caller's thread. Never follows a link; opens what its owner
/// has closed; as deep as it may be: a nested directory is moved up before it is emptied, so that no path gets long.
final class DirectoryRemoval {
  private final Path top;
  private final Deque<Path> directories = new ArrayDeque<>();
  private int moved;

  private DirectoryRemoval(Path top) {
    this.top = top;
  }

  static void of(Path top) throws IOException {
    if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(top);
      return;
    }
    new DirectoryRemoval(top).run();
  }

  private void run() throws IOException {
    empty(top);
    while (!directories.isEmpty()) {
      Path directory = directories.pop();
      empty(directory);
      Files.deleteIfExists(directory);
    }
    Files.deleteIfExists(top);
  }

  /// Deletes the files here, and lines up the directories, each at most one step below the top.
  private void empty(Path directory) throws IOException {
    for (Path entry : entriesOf(directory)) {
      if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(entry);
      } else if (directory.equals(top)) {
        directories.push(entry);
      } else {
        directories.push(moveUp(entry));
      }
    }
  }

  private List<Path> entriesOf(Path directory) throws IOException {
    try {
      return list(directory);
    } catch (AccessDeniedException e) {
      open(directory);
      return list(directory);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      return List.of();
    }
    // Listing needs only r; deleting what is in it needs w and x.
    if (!entries.isEmpty() && !(Files.isWritable(directory) && Files.isExecutable(directory))) {
      open(directory);
    }
    return entries;
  }

  private Path moveUp(Path directory) throws IOException {
    Path free = top.resolve(".hodei-removed-" + moved++);
    while (Files.exists(free, LinkOption.NOFOLLOW_LINKS)) {
      free = top.resolve(".hodei-removed-" + moved++);
    }
    try {
      return Files.move(directory, free, StandardCopyOption.ATOMIC_MOVE);
    } catch (AccessDeniedException e) {
      // A directory that changes its parent must be writable itself.
      open(directory);
      return Files.move(directory, free, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new FileSystemException(directory.toString(), null, "another file system is mounted here; unmount it");
    }
  }

  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }
}
