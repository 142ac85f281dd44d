package io.hodei.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The Docker engine of this machine as a person sees it, and images for it that need no registry: made of this machine's own programs, without Java. Under
/// CI=true an engine that is missing is a failure; elsewhere its tests are left out.
public final class Containers {
  private static final Duration GUARD = Duration.ofMinutes(1);
  private static final List<String> TOOLS = List.of("/bin/sh", "/bin/sleep", "/bin/cat", "/bin/ls", "/usr/bin/id", "/usr/bin/touch", "/usr/bin/env", "/usr/bin/head",
      "/usr/bin/tail", "/usr/bin/true", "/usr/bin/seq");

  private Containers() {}

  /// For JUnit's EnabledIf.
  public static boolean areWanted() {
    return "true".equals(System.getenv("CI")) || Shell.run(Map.of(), Path.of("/"), List.of("docker", "version"), GUARD).exit() == 0;
  }

  public static Ran docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Shell.run(Map.of(), Path.of("/"), command, GUARD);
  }

  /// All containers, of whatever state, and volumes of workers of this installation.
  public static List<String> of(String installation) {
    List<String> found = new ArrayList<>();
    String label = "label=hodei.io/installation=" + installation;
    docker("ps", "-a", "--filter", label, "--filter", "label=hodei.io/worker-id", "--format", "{{.Names}}").exits(0).out().lines().forEach(found::add);
    docker("volume", "ls", "--filter", label, "--filter", "label=hodei.io/worker-id", "--format", "{{.Name}}").exits(0).out().lines().forEach(found::add);
    return found;
  }

  /// Makes an image with a shell and a few programs, and `changes` as of a Dockerfile; its name.
  public static String tools(String name, String... changes) {
    return tools(name, List.of(), changes);
  }

  /// The same with more programs or directories of this machine.
  public static String tools(String name, List<String> more, String... changes) {
    List<String> programs = new ArrayList<>(TOOLS);
    programs.addAll(more);
    return image(name, programs, changes);
  }

  /// Makes an image of these programs and directories of this machine and what the programs are linked with; of a directory's own programs no more than that.
  public static String image(String name, List<String> programs, String... changes) {
    try {
      Path root = Files.createTempDirectory("hodei-image");
      Set<String> files = new LinkedHashSet<>(programs);
      for (String program : programs) {
        files.addAll(linked(program));
      }
      List<String> tar = new ArrayList<>(List.of("tar", "-chf", root.resolve("root.tar").toString()));
      // What is in a directory is not given twice: tar would make a link to itself of it.
      files.stream().filter(file -> programs.stream().noneMatch(each -> file.startsWith(each + "/"))).forEach(tar::add);
      Shell.run(Map.of(), Path.of("/"), tar, GUARD).exits(0);
      List<String> arguments = new ArrayList<>(List.of("import"));
      for (String change : changes) {
        arguments.addAll(List.of("--change", change));
      }
      arguments.addAll(List.of(root.resolve("root.tar").toString(), name));
      docker(arguments.toArray(String[]::new)).exits(0);
      Files.delete(root.resolve("root.tar"));
      Files.delete(root);
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The libraries that a program or library of this machine is linked with.
  public static List<String> linked(String program) {
    List<String> found = new ArrayList<>();
    for (String line : Shell.run(Map.of(), Path.of("/"), List.of("ldd", program), GUARD).out().split("\n")) {
      int path = line.indexOf('/');
      if (path >= 0 && line.indexOf(" (", path) > path) {
        found.add(line.substring(path, line.indexOf(" (", path)));
      }
    }
    return found;
  }
}
