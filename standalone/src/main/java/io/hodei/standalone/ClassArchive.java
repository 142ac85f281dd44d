package io.hodei.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The classes of a role (a service, the broker, `up`) as the JVM has them when it has run as that: the next one maps them, and starts with less
/// than half of the CPU time. One file a role in `classes` of the distribution, written at the end of the first run that was stopped in order; a
/// JVM that finds it unfit goes without. Where the distribution cannot be written to there is none.
final class ClassArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
  /// Set in a JVM that is to write its archive: the file.
  private static final String PROPERTY = "hodei.class-archive";

  private ClassArchive() {}

  /// What a JVM with these arguments is started with.
  static List<String> flags(List<String> arguments) {
    String dist = System.getProperty("hodei.dist", "");
    if (dist.isEmpty() || !Files.isWritable(Path.of(dist))) {
      return List.of();
    }
    Path file = Path.of(dist, "classes", role(arguments) + ".jsa");
    return Files.exists(file) ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off")
        : List.of("-XX:+RecordDynamicDumpInfo", "-Xlog:cds=off", "-D" + PROPERTY + "=" + file);
  }

  private static String role(List<String> arguments) {
    String command = arguments.getFirst();
    return switch (command) {
      case "serve" -> arguments.get(1);
      case "up" -> arguments.contains("--separate") ? "up-separate" : "up";
      default -> command;
    };
  }

  /// At the end of an orderly run: writes the archive, when this JVM is to and nobody else has.
  static void keep() {
    String file = System.getProperty(PROPERTY, "");
    if (file.isEmpty() || Files.exists(Path.of(file))) {
      return;
    }
    try {
      Files.createDirectories(Path.of(file).getParent());
      Path own = Path.of(file + "." + ProcessHandle.current().pid());
      ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmCds",
          new Object[] {new String[] {"dynamic_dump", own.toString()}}, new String[] {String[].class.getName()});
      Files.move(own, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | JMException | RuntimeException e) {
      LOG.info("class_archive_skipped file={} cause=\"{}\"", file, e.toString());
    }
  }
}
