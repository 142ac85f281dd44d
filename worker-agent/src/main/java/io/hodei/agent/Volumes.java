package io.hodei.agent;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Places of a container that a job may be able to write to, that nobody empties and no pool has mounted on purpose: what an image declares as VOLUME. What
/// the image has in them is there for every job, so they cannot be emptied; they are looked at instead. A change of a file cannot be hidden: who
/// is not root cannot set its ctime. Run's thread, when nothing of a job is alive; never follows a link.
final class Volumes {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final List<Path> KERNELS = List.of(Path.of("/proc"), Path.of("/sys"));
  /// What each container has there; whatever else is mounted below /dev is as any other place.
  private static final Set<Path> DEVICES = Set.of(Path.of("/dev"), Path.of("/dev/pts"), Path.of("/dev/shm"), Path.of("/dev/mqueue"), Path.of("/dev/console"));
  private static final String SEEN = "unix:ino,ctime,mode,uid,size";
  private static final int MOST_FILES = 10_000;
  private static final int TARGET = 4;
  private static final int OPTIONS = 5;

  private final Set<Path> spared;
  private final Map<Path, Map<Path, String>> before = new HashMap<>();

  private Volumes(List<Path> places, Set<Path> spared) throws IOException {
    this.spared = spared;
    for (var place : places) {
      before.put(place, files(place));
    }
  }

  /// As they are before the first job.
  static Volumes of(WorkerFile worker) throws IOException {
    if (!worker.container()) {
      return new Volumes(List.of(), Set.of());
    }
    var spared = new HashSet<>(worker.shared());
    spared.addAll(Scratch.SHARED);
    spared.add(worker.scratch().resolveSibling(""));
    return of(writable(Files.readAllLines(MOUNTS)), spared);
  }

  /// `spared`: not looked at, wherever they are.
  static Volumes of(List<Path> places, Set<Path> spared) throws IOException {
    return new Volumes(places.stream().filter(place -> !spared.contains(place) && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)).toList(), spared);
  }

  /// What is mounted and can be written to, by lines of /proc/…/mountinfo; not the root, and nothing that is the kernel's.
  static List<Path> writable(List<String> mounts) {
    var found = new ArrayList<Path>();
    for (var mount : mounts) {
      var fields = mount.split(" ");
      var target = Path.of(fields[TARGET].replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\"));
      if (List.of(fields[OPTIONS].split(",")).contains("rw") && target.getNameCount() > 0 && !DEVICES.contains(target) && KERNELS.stream().noneMatch(target::startsWith)) {
        found.add(target);
      }
    }
    return found;
  }

  /// Null when the next job finds them as the first did.
  @Nullable String carried() throws IOException {
    for (var place : before.entrySet()) {
      var now = files(place.getKey());
      if (place.getValue().size() > MOST_FILES || now.size() > MOST_FILES) {
        return "Expected at most " + MOST_FILES + " files in " + place.getKey() + ", which is kept from job to job, but there are more, so nobody knows what a job has changed"
            + "; let the image declare no VOLUME there, or make the pool ephemeral.";
      }
      if (!now.equals(place.getValue())) {
        return "Expected nothing of the last job for the next, but it has changed something in " + place.getKey() + ", which is kept from job to job"
            + "; let the image declare no VOLUME there, or make the pool ephemeral.";
      }
    }
    return null;
  }

  /// Each with what tells that it has changed; those that may not be looked at cannot be written to either.
  private Map<Path, String> files(Path place) throws IOException {
    var found = new HashMap<Path, String>();
    Files.walkFileTree(place, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        return spared.contains(directory) ? FileVisitResult.SKIP_SUBTREE : visitFile(directory, attributes);
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        found.put(file, new TreeMap<>(Files.readAttributes(file, SEEN, LinkOption.NOFOLLOW_LINKS)).toString());
        return found.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) {
        found.put(file, "closed");
        return FileVisitResult.CONTINUE;
      }
    });
    return found;
  }
}
