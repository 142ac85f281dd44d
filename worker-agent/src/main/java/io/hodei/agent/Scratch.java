package io.hodei.agent;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The scratch directory of a worker that takes one job after the other, and what else a job can write to in a container: what was not there before
/// the first is removed after each. Run's thread, when nothing of the job is alive. Never follows a link.
final class Scratch {
  /// Of a container: in memory, and everybody's. All but the first may be missing.
  static final List<Path> SHARED = List.of(Path.of("/tmp"), Path.of("/dev/shm"), Path.of("/dev/mqueue"));

  private static final String MODE = "unix:mode";
  private static final int ALL_BITS = 07777;

  /// What processes leave to each other without a file; each begins with a line of titles.
  private static final List<Path> LEFT_TO_EACH_OTHER = List.of(Path.of("/proc/sysvipc/shm"), Path.of("/proc/sysvipc/msg"), Path.of("/proc/sysvipc/sem"));

  private final Map<Path, Set<Path>> provided;
  private final Map<Path, Integer> modes;
  private final Map<Path, Set<String>> tables;

  private Scratch(Map<Path, Set<Path>> provided, Map<Path, Integer> modes, Map<Path, Set<String>> tables) {
    this.provided = provided;
    this.modes = modes;
    this.tables = tables;
  }

  /// As it is before the first job.
  static Scratch of(WorkerFile worker) {
    if (!worker.container()) {
      return of(worker.scratch(), List.of(), List.of());
    }
    var more = new ArrayList<>(SHARED);
    more.add(worker.scratch().resolveSibling("conf"));
    return of(worker.scratch(), more, LEFT_TO_EACH_OTHER);
  }

  /// `more`: directories to be cleaned as well. `tables`: of the kernel, in which nothing new may be. Of both, those that are missing are left out.
  static Scratch of(Path directory, List<Path> more, List<Path> tables) {
    try {
      var provided = new LinkedHashMap<>(Map.of(directory, entries(directory)));
      for (var each : more) {
        if (Files.isDirectory(each)) {
          provided.put(each, entries(each));
        }
      }
      var known = new LinkedHashMap<Path, Set<String>>();
      for (var table : tables) {
        if (Files.exists(table)) {
          known.put(table, rows(table));
        }
      }
      var modes = new LinkedHashMap<Path, Integer>();
      for (var each : provided.keySet()) {
        modes.put(each, mode(each));
      }
      return new Scratch(provided, modes, known);
    } catch (IOException e) {
      // Then the first attempt cannot be prepared either, and says why.
      return new Scratch(Map.of(directory, Set.of()), Map.of(), Map.of());
    }
  }

  /// Null when nothing of a job is left, else what is in the way.
  @Nullable String clean() {
    try {
      for (var place : modes.entrySet()) {
        if (mode(place.getKey()) != place.getValue()) {
          Files.setAttribute(place.getKey(), MODE, place.getValue());
        }
      }
      for (var place : provided.entrySet()) {
        for (Path entry : entries(place.getKey())) {
          if (!place.getValue().contains(entry)) {
            remove(entry);
          }
        }
      }
      return leftToEachOther();
    } catch (IOException e) {
      return "Expected to clean the scratch directory for the next job, but " + e;
    }
  }

  /// Permissions, the bits beyond them included.
  private static int mode(Path directory) throws IOException {
    return (int) Files.getAttribute(directory, MODE) & ALL_BITS;
  }

  private static void remove(Path entry) throws IOException {
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

  private @Nullable String leftToEachOther() throws IOException {
    for (var table : tables.entrySet()) {
      if (!table.getValue().containsAll(rows(table.getKey()))) {
        return "Expected nothing of the last job for the next, but it has left something in " + table.getKey() + ".";
      }
    }
    return null;
  }

  /// Key and id of each row below the titles.
  private static Set<String> rows(Path table) throws IOException {
    return Files.readAllLines(table).stream().skip(1).map(row -> String.join(" ", List.of(row.strip().split("\\s+")).subList(0, 2))).collect(Collectors.toSet());
  }

  private static Set<Path> entries(Path directory) throws IOException {
    Set<Path> found = new HashSet<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(found::add);
    }
    return found;
  }
}
