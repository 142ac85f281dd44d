package io.hodei.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of this checkout, by module.
final class Checkout {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../..").normalize();

  private Checkout() {}

  static Path root() {
    return ROOT;
  }

  /// The modules of the root pom, as paths such as `libs/job-domain`.
  static List<String> modules() {
    List<String> modules = new ArrayList<>();
    Matcher found = MODULE.matcher(text(ROOT.resolve("pom.xml")));
    while (found.find()) {
      modules.add(found.group(1));
    }
    return modules;
  }

  /// The Java files of all modules: `src/main`, `src/test`, or both (`src`).
  static List<Path> javaFiles(String under) {
    List<Path> files = new ArrayList<>();
    for (String module : modules()) {
      files.addAll(files(ROOT.resolve(module).resolve(under), path -> path.toString().endsWith(".java")));
    }
    return files;
  }

  static List<Path> files(Path folder, Predicate<Path> wanted) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The path from the root, with slashes.
  static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }
}
