package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that an agent needs inside an image that has nothing of it: its jars, a Java runtime cut down to what it uses, the C library that this
/// runtime was linked with, and an AOT cache made with exactly these. A directory, `id` being the digest of what it was made from; it is made once
/// and then only read. Works in images with another C library or with none.
record AgentBundle(Path root, String id) {
  /// Where it is found in a container.
  static final Path HOME = Path.of("/hodei/agent");

  /// The arguments of its java up to the worker file, one a line, as `java @file` takes them.
  static final String ARGUMENTS = "agent.args";

  private static final String LOADER = "ld-linux-x86-64.so.2";
  private static final Pattern LINKED = Pattern.compile("\\s+(?:\\S+ => )?(/.*) \\(0x[0-9a-f]+\\)");
  private static final String MODULES = "java.base,java.logging,jdk.unsupported";
  private static final String TRAINING = "io.hodei.agent.AotTraining";
  private static final long STEP_SECONDS = 120;

  /// The command line of an agent in a container, up to its worker file.
  List<String> command() throws ProviderException {
    try {
      List<String> command = new ArrayList<>(List.of(HOME.resolve("jre/bin/java").toString()));
      command.addAll(AgentLaunch.arguments(root, HOME));
      return command;
    } catch (IOException e) {
      throw failed(root, e);
    }
  }

  /// The bundle of this agent, made when it is not there yet: some seconds.
  ///
  /// @throws ProviderException START_FAILED when the agent or a tool of the JDK is missing
  static AgentBundle of(Path agentDir, Path javaHome, Path bundlesDir) throws ProviderException {
    try {
      String id = digest(agentDir, javaHome);
      Path made = bundlesDir.resolve(id);
      if (!Files.isDirectory(made)) {
        Files.createDirectories(bundlesDir);
        Path draft = Files.createTempDirectory(bundlesDir, ".draft-");
        try {
          make(agentDir, javaHome, draft);
          move(draft, made);
          removeOlder(bundlesDir, made);
        } finally {
          DirectoryRemoval.of(draft);
        }
      }
      return new AgentBundle(made, id);
    } catch (IOException e) {
      throw failed(agentDir, e);
    }
  }

  private static ProviderException failed(Path agentDir, IOException e) {
    return new ProviderException(Reason.START_FAILED, "Expected to make what an agent needs in a container from " + agentDir + ", but: " + e
        + "; build the agent, and run lifecycle-service on a JDK 25", e);
  }

  private static void make(Path agentDir, Path javaHome, Path draft) throws IOException {
    Path jre = draft.resolve("jre");
    run(List.of(javaHome.resolve("bin/jlink").toString(), "--add-modules", MODULES, "--strip-java-debug-attributes", "--no-header-files",
        "--no-man-pages", "--output", jre.toString()));
    Files.createDirectories(draft.resolve("lib"));
    for (Path file : agentFiles(agentDir)) {
      Files.copy(file, draft.resolve(agentDir.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
    }
    List<String> training = new ArrayList<>(List.of(jre.resolve("bin/java").toString()));
    training.addAll(AgentLaunch.arguments(draft, draft));
    training.add(1, "-XX:AOTCacheOutput=" + draft.resolve("agent.aot"));
    training.set(training.size() - 1, TRAINING);
    run(training);
    if (!Files.exists(draft.resolve("agent.aot"))) {
      throw new IOException("the training run wrote no agent.aot");
    }
    Files.writeString(draft.resolve(ARGUMENTS), AgentLaunch.arguments(draft, HOME).stream().map(each -> "\"" + each.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
        .collect(Collectors.joining()));
    bringLibraries(jre, Files.createDirectories(draft.resolve("libc")));
    // Last: from here on these two run only where the bundle is mounted.
    ElfInterpreter.set(jre.resolve("bin/java"), HOME.resolve("libc").resolve("ld.so").toString());
    ElfInterpreter.set(jre.resolve("lib/jspawnhelper"), HOME.resolve("libc").resolve("ld.so").toString());
  }

  /// Copies whatever the runtime's programs and libraries are linked with and is not the runtime's own.
  private static void bringLibraries(Path jre, Path libc) throws IOException {
    Set<Path> libraries = new TreeSet<>();
    try (Stream<Path> files = Files.walk(jre)) {
      for (Path file : (Iterable<Path>) files.filter(AgentBundle::isLinked)::iterator) {
        libraries.addAll(linked(run(List.of("ldd", file.toString()))));
      }
    }
    for (Path library : libraries) {
      if (!library.startsWith(jre)) {
        String name = library.getFileName().toString();
        Files.copy(library, libc.resolve(name.equals(LOADER) ? "ld.so" : name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.exists(libc.resolve("ld.so")) || !Files.exists(libc.resolve("libc.so.6"))) {
      throw new IOException("Expected a Java runtime that is linked with glibc for x86-64, but " + jre + " needs " + libraries);
    }
    libc.resolve("ld.so").toFile().setExecutable(true, false);
  }

  /// What ldd has found; it also says other things, such as a shell's complaints about locales.
  static List<Path> linked(String said) {
    return said.lines().map(LINKED::matcher).filter(Matcher::matches).map(found -> Path.of(found.group(1))).toList();
  }

  private static boolean isLinked(Path file) {
    return Files.isRegularFile(file) && (file.toString().endsWith(".so") || Files.isExecutable(file));
  }

  private static String digest(Path agentDir, Path javaHome) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<Path> files = agentFiles(agentDir);
      files.add(javaHome.resolve("release"));
      for (Path file : files) {
        digest.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(java.io.OutputStream.nullOutputStream());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, which every JDK has, but: " + e, e);
    }
  }

  /// The jars and the flags, in the order of their names; not the AOT cache, which is another runtime's.
  private static List<Path> agentFiles(Path agentDir) throws IOException {
    try (Stream<Path> jars = Files.list(agentDir.resolve("lib"))) {
      List<Path> files = new ArrayList<>(jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList());
      files.add(agentDir.resolve("agent.flags"));
      return files;
    }
  }

  /// Somebody else may have made the same meanwhile.
  private static void move(Path draft, Path made) throws IOException {
    Files.setPosixFilePermissions(draft, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      Files.move(draft, made, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException | java.nio.file.DirectoryNotEmptyException e) {
      if (!Files.isDirectory(made)) {
        throw e;
      }
    }
  }

  /// All but this one and the newest of the others, which somebody who is being replaced may still read.
  private static void removeOlder(Path bundlesDir, Path made) throws IOException {
    List<Path> others;
    try (Stream<Path> all = Files.list(bundlesDir)) {
      others = all.filter(each -> !each.equals(made) && each.getFileName().toString().matches("[0-9a-f]{16}"))
          .sorted(Comparator.comparing((Path each) -> each.toFile().lastModified()).reversed()).toList();
    }
    for (Path each : others.subList(Math.min(1, others.size()), others.size())) {
      DirectoryRemoval.of(each);
    }
  }

  /// Its output. Never longer than two minutes.
  private static String run(List<String> command) throws IOException {
    Path output = Files.createTempFile("hodei-bundle", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
          .redirectInput(Path.of("/dev/null").toFile());
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " did not end within " + STEP_SECONDS + " s");
      }
      String said = Files.readString(output);
      // ldd answers 1 for what is linked with nothing.
      if (process.exitValue() != 0 && !command.getFirst().equals("ldd")) {
        throw new IOException(command.getFirst() + " ended with " + process.exitValue() + ": " + said.strip());
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + command.getFirst() + " ran", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
