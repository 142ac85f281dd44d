package io.hodei.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the programs are that are not on our class path: the registry, Postgres, the worker agent.
record Distribution(Path root) {

  /// The one that the script names, else the build's own.
  static Distribution find() {
    String given = System.getProperty("hodei.dist", "");
    Path root = Path.of(given.isEmpty() ? "standalone/target/dist" : given).toAbsolutePath();
    Distribution found = new Distribution(root);
    for (Path each : List.of(found.registry().resolve("quarkus-run.jar"), found.postgres().resolve("bin/postgres"))) {
      if (!Files.isRegularFile(each)) {
        throw new StandaloneException("Expected a whole Hodei in " + root + ", but " + each + " is missing; run ./hodei build.");
      }
    }
    return found;
  }

  Path registry() {
    return root.resolve("registry");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path agent() {
    return root.resolve("agent");
  }
}
