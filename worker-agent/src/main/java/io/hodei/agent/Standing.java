package io.hodei.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the kernel grants the agent, which each job inherits from it, and which a job may lower, being the same user: limits, the
/// order in which memory's shortage kills, and how each thread is scheduled. It cannot be raised again without privileges. Pure but for [#now].
record Standing(String limits, String killedFirst, Set<String> scheduling) {
  private static final Path SELF = Path.of("/proc/self");
  private static final String PROCESSORS = "Cpus_allowed:";
  /// In /proc/…/stat, counted from the state, which follows the name.
  private static final int NICE = 16;
  private static final int REALTIME = 37;
  private static final int POLICY = 38;

  static Standing now() throws IOException {
    return new Standing(Files.readString(SELF.resolve("limits")), Files.readString(SELF.resolve("oom_score_adj")).strip(), threads());
  }

  /// Threads come and go, and a new one is scheduled as the one that made it: so the kinds that there are, without their number.
  private static Set<String> threads() throws IOException {
    Set<String> found = new HashSet<>();
    try (var threads = Files.newDirectoryStream(SELF.resolve("task"))) {
      for (Path thread : threads) {
        try {
          found.add(scheduling(thread));
        } catch (NoSuchFileException e) {
          // It has ended.
        }
      }
    }
    return found;
  }

  private static String scheduling(Path thread) throws IOException {
    var stat = Files.readString(thread.resolve("stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    var processors = Files.readAllLines(thread.resolve("status")).stream().filter(line -> line.startsWith(PROCESSORS)).findFirst().orElse("");
    return "nice " + fields[NICE] + ", policy " + fields[POLICY] + " " + fields[REALTIME] + ", disk priority "
        + Libc.diskPriority(Integer.parseInt(thread.getFileName().toString())) + ", processors " + processors.substring(Math.min(processors.length(), PROCESSORS.length())).strip();
  }

  /// Null when the next job finds it as the first did.
  @Nullable String changedIn(Standing now) {
    if (!limits.equals(now.limits)) {
      return changed("limits", difference(limits, now.limits));
    }
    if (!killedFirst.equals(now.killedFirst)) {
      return changed("oom_score_adj", now.killedFirst + " in place of " + killedFirst);
    }
    return scheduling.containsAll(now.scheduling) ? null
        : changed("priority", now.scheduling.stream().filter(each -> !scheduling.contains(each)).findFirst().orElse("") + " in place of " + scheduling);
  }

  private static String changed(String what, String how) {
    return "Expected the agent's " + what + " as before its first job, since the next one inherits them, but the last job has changed them: " + how;
  }

  private static String difference(String before, String after) {
    var known = before.lines().toList();
    return after.lines().filter(line -> !known.contains(line)).map(line -> line.strip().replaceAll("\\s+", " ")).findFirst().orElse("");
  }
}
