package io.hodei.agent;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/// `java … io.hodei.agent.Unpack <bundle> <copy> <worker file> <work>`: what a pod's first container does before the one with the job. It copies what
/// an agent needs, with its times, without which the AOT cache would not be taken, and lays out the work directory: the worker file, which the agent
/// shall delete and cannot delete where the cluster has mounted it, and an empty scratch directory, both this user's alone.
final class Unpack {
  private static final int ARGUMENTS = 4;

  private Unpack() {}

  /// Exit codes: 0 done; 1 not, and stderr says why.
  public static void main(String[] args) {
    try {
      run(args);
    } catch (IOException e) {
      Say.error("unpack_failed", "message", e.toString());
      System.exit(1);
    }
  }

  static void run(String... args) throws IOException {
    if (args.length != ARGUMENTS) {
      throw new IOException("Expected <bundle> <copy> <worker file> <work>, but got " + args.length + " arguments");
    }
    copy(Path.of(args[0]), Path.of(args[1]));
    var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    var work = Path.of(args[3]);
    Files.createDirectory(work.resolve("scratch"), own);
    var file = Files.createDirectory(work.resolve("conf"), own).resolve("worker.conf");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, Files.readAllBytes(Path.of(args[2])));
  }

  private static void copy(Path from, Path to) throws IOException {
    Map<Path, FileTime> directories = new HashMap<>();
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        var copy = to.resolve(from.relativize(directory));
        Files.createDirectories(copy);
        directories.put(copy, attributes.lastModifiedTime());
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return FileVisitResult.CONTINUE;
      }
    });
    for (var each : directories.entrySet()) {
      if (!each.getKey().equals(to)) {
        Files.setLastModifiedTime(each.getKey(), each.getValue());
      }
    }
  }
}
