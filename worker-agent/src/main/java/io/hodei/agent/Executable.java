package io.hodei.agent;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where a command is, by the job's own PATH and working directory: Java would look with the agent's.
sealed interface Executable {

  record Found(String path) implements Executable {}

  record NotExecutable(String path) implements Executable {}

  record Missing() implements Executable {}

  /// As execvp does it: a name with a slash is a path, any other is looked for in each directory of PATH.
  static Executable find(String name, Path workdir, String searchPath) {
    if (name.isEmpty()) {
      return new Missing();
    }
    if (name.indexOf('/') >= 0) {
      return look(workdir.resolve(name), name);
    }
    Executable best = new Missing();
    for (var directory : searchPath.split(":", -1)) {
      var candidate = workdir.resolve(directory).resolve(name);
      switch (look(candidate, candidate.toString())) {
        case Found found -> {
          return found;
        }
        case NotExecutable other -> best = best instanceof Missing ? other : best;
        case Missing _ -> {}
      }
    }
    return best;
  }

  private static Executable look(Path file, String path) {
    if (!Files.exists(file)) {
      return new Missing();
    }
    return Files.isRegularFile(file) && Files.isExecutable(file) ? new Found(path) : new NotExecutable(path);
  }
}
