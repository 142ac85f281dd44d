package io.hodei.providers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers' directories, one each, named by worker id: the claim to a worker is made by making it, and given up
/// by removing it. Any thread. A directory that says it is another installation's is not there for us.
final class ScratchDirectories {
  private static final String OWNER_FILE = ".installation";
  private static final int NAMES_WARNED_OF = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectories.class);

  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final String installationId;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  ScratchDirectories(Path root, String installationId) {
    this.root = root.toAbsolutePath().normalize();
    this.installationId = installationId;
  }

  /// The directory of a worker, there or not. The id must be safe.
  Path of(String workerId) {
    if (!WorkerMark.safe(workerId)) {
      throw new IllegalArgumentException("Expected a safe worker id, but found " + workerId);
    }
    return root.resolve(workerId);
  }

  /// What the agent is told, its token among it; it deletes the file when it has read it.
  Path workerFile(String workerId) {
    return of(workerId).resolve("worker.conf");
  }

  Path agentLog(String workerId) {
    return of(workerId).resolve("agent.log");
  }

  /// Makes the directory; false when there is one already.
  boolean claim(String workerId) throws IOException {
    Files.createDirectories(root, OWNERS_DIRECTORY);
    Path directory = of(workerId);
    try {
      Files.createDirectory(directory, OWNERS_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    write(directory.resolve(OWNER_FILE), installationId);
    return true;
  }

  /// Writes a file that only its owner can read, from its first byte on.
  static void write(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, OWNERS_FILE);
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /// The worker ids that have a directory of this installation.
  List<String> list() throws IOException {
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".")) {
          continue;
        }
        if (!WorkerMark.safe(name)) {
          warnOnce(name);
        } else if (isOurs(entry)) {
          found.add(name);
        }
      }
    }
    return found;
  }

  boolean exists(String workerId) {
    Path directory = of(workerId);
    return Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && isOurs(directory);
  }

  /// When the directory was made; empty when it is gone.
  Optional<Instant> madeAt(String workerId) {
    try {
      return Optional.of(Files.readAttributes(of(workerId), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .creationTime().toInstant());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Removes the directory with all that is in it.
  void remove(String workerId) throws IOException {
    Path directory = of(workerId);
    if (exists(workerId)) {
      DirectoryRemoval.of(directory);
    }
  }

  /// Tells of a name that cannot be one of ours, once.
  private void warnOnce(String name) {
    if (warned.size() < NAMES_WARNED_OF && warned.add(name)) {
      LOG.warn("Ignored a directory whose name is no safe worker id: name={}", name.replaceAll("[^A-Za-z0-9._/-]", "?"));
    }
  }

  /// No word on whose it is counts as ours: it is written just after the directory.
  private boolean isOurs(Path directory) {
    try {
      String owner = Files.readString(directory.resolve(OWNER_FILE)).strip();
      return owner.equals(installationId) || owner.isEmpty();
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return true;
    }
  }
}
