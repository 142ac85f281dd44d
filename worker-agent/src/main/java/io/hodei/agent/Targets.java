package io.hodei.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `java … io.hodei.agent.Targets <path>…`: what a pod's second container does when something of the job's is mounted. It runs in the job's image with nothing
/// mounted but the agent, and refuses it when a part of one of these paths is a link there: runtimes follow the links of an image, so that a mount could lie
/// over the agent, or over its worker file, whatever its target says.
final class Targets {
  private Targets() {}

  /// Exit codes: 0 none is a link; 1 one is, and the last line on stderr says which.
  public static void main(String[] args) {
    try {
      require(Path.of("/"), args);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  static void require(Path root, String... paths) throws IOException {
    for (var path : paths) {
      var there = root;
      for (var part : Path.of("/").relativize(Path.of(path))) {
        there = there.resolve(part);
        if (Files.isSymbolicLink(there)) {
          throw new IOException("Expected " + path + " to be a directory of the image, but /" + root.relativize(there) + " is a link in it");
        }
      }
    }
  }
}
