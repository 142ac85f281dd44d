package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The argv of a job: its command, or its script as a file in the scratch directory (executed itself when its first
/// line is a `#!`, else read by `/bin/sh`).
final class JobCommand {
  private JobCommand() {}

  static List<String> of(Assignment job, Path scratch) throws IOException {
    if (job.getScript().isEmpty()) {
      return List.copyOf(job.getCommandList());
    }
    var file = scratch.resolve("job-script");
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(file, job.getScript());
    return job.getScript().startsWith("#!") ? List.of(file.toString()) : List.of("/bin/sh", file.toString());
  }
}
