package io.hodei.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `hodei doctor`: what this machine lacks for `hodei up`, and the command that mends it. Exit code 1 when something is missing.
final class LocalDoctor {
  private static final long LEAST_FREE_MIB = 1024;
  private static final long LEAST_MEMORY_MIB = 2048;
  private static final long LEAST_FILES = 1024;
  private static final long CLIENT_SECONDS = 3;

  /// `ok` null: a remark, not a fault.
  record Finding(String what, @Nullable Boolean ok, String found, String mend) {}

  private LocalDoctor() {}

  static int run(Call call) throws IOException {
    boolean json = call.json();
    List<Finding> findings = examine(call.directory());
    if (json) {
      call.say(Json.MAPPER.writeValueAsString(findings.stream().map(LocalDoctor::json).toList()));
    } else {
      StringBuilder text = new StringBuilder();
      findings.forEach(each -> text.append(text.isEmpty() ? "" : "\n").append(String.format("%s %-12s %s%s", mark(each), each.what(), each.found(),
          each.mend().isEmpty() ? "" : "\n     " + each.mend())));
      call.say(text.toString());
    }
    return findings.stream().anyMatch(each -> Boolean.FALSE.equals(each.ok())) ? 1 : 0;
  }

  static List<Finding> examine(Path directory) {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    findings.add(system());
    findings.add(program("setsid", true, "apt-get install util-linux"));
    findings.add(program("prlimit", true, "apt-get install util-linux (else what escapes from a job may outlive a killed agent)"));
    if ("root".equals(System.getProperty("user.name"))) {
      findings.add(program("unshare", true, "apt-get install util-linux (Postgres refuses to run as root), or run hodei as another user"));
    }
    findings.add(program("flock", false, "apt-get install util-linux (else two builds in one checkout disturb each other)"));
    findings.add(memory());
    findings.add(files());
    findings.add(dataDirectory(directory));
    findings.add(disk(directory));
    findings.add(ports(directory));
    findings.add(docker());
    findings.add(kubernetes());
    return findings;
  }

  private static Finding jdk() {
    Path home = Path.of(System.getProperty("java.home"));
    int version = Runtime.version().feature();
    boolean whole = Files.isExecutable(home.resolve("bin/javac"));
    return new Finding("JDK 25", version >= 25 && whole, version + (whole ? "" : ", without compiler") + " in " + home,
        version >= 25 && whole ? "" : "apt-get install temurin-25-jdk, or sdk install java 25-tem");
  }

  private static Finding system() {
    String name = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    boolean fits = name.equals("Linux amd64");
    return new Finding("system", fits, name, fits ? "" : "only Linux on x86-64 is built yet");
  }

  private static Finding program(String name, boolean needed, String mend) {
    boolean there = onPath(name);
    return new Finding(name, there ? Boolean.TRUE : needed ? Boolean.FALSE : null, there ? "found" : "missing", there ? "" : mend);
  }

  private static Finding memory() {
    long mib = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize() >> 20 : 0;
    return new Finding("memory", mib >= LEAST_MEMORY_MIB, mib + " MiB",
        mib >= LEAST_MEMORY_MIB ? "" : "give this machine " + LEAST_MEMORY_MIB + " MiB");
  }

  /// A JVM raises its own limit to the hard one; the broker and the services need some five hundred each.
  private static Finding files() {
    long most = mostFiles();
    return new Finding("open files", most >= LEAST_FILES, most == Long.MAX_VALUE ? "unlimited" : "at most " + most,
        most >= LEAST_FILES ? "" : "ulimit -Hn " + LEAST_FILES + " as root, or raise nofile in /etc/security/limits.conf");
  }

  /// The hard limit of this process; without a limit, or a way to learn of it, Long.MAX_VALUE.
  private static long mostFiles() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines.filter(line -> line.startsWith("Max open files")).map(line -> line.substring("Max open files".length()).trim().split(" +")[1])
          .filter(hard -> !hard.equals("unlimited")).mapToLong(Long::parseLong).findFirst().orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static Finding dataDirectory(Path directory) {
    Path existing = nearest(directory);
    boolean writable = Files.isDirectory(existing) && Files.isWritable(existing);
    return new Finding("data", writable, directory + (writable ? " is writable" : ": " + existing + " is not writable"),
        writable ? "" : "chown " + System.getProperty("user.name") + " " + existing + ", or give another one with --data");
  }

  private static Finding disk(Path directory) {
    try {
      long mib = Files.getFileStore(nearest(directory)).getUsableSpace() >> 20;
      return new Finding("disk", mib >= LEAST_FREE_MIB, mib + " MiB free",
          mib >= LEAST_FREE_MIB ? "" : "free " + LEAST_FREE_MIB + " MiB, or give another directory with --data");
    } catch (IOException e) {
      return new Finding("disk", false, e.toString(), "give another directory with --data");
    }
  }

  private static Finding ports(Path directory) {
    LocalInstallation installation = new LocalInstallation(directory);
    if (installation.apiUrl().isPresent()) {
      return new Finding("ports", true, "Hodei runs at " + installation.apiUrl().get(), "");
    }
    List<Integer> busy = Stream.of(8080, 8081, 8090, 8091, 8092, 8093, 9092, 15432).filter(port -> !free(port)).toList();
    return new Finding("ports", busy.isEmpty() ? Boolean.TRUE : null,
        busy.isEmpty() ? "the default ones are free" : busy + " busy; up takes others and names them", "");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// A remark: only up --provider docker needs an engine. The client asks it, since it finds engines as the provider does.
  private static Finding docker() {
    return asked("docker", "engine", "apt-get install docker.io", "start one: systemctl start docker, or dockerd as root",
        "docker", "version", "--format", "{{.Server.Version}}, API {{.Server.APIVersion}}");
  }

  /// A remark as well. The client asks it, since it finds clusters as the provider does.
  private static Finding kubernetes() {
    return asked("kubernetes", "cluster", "install kubectl", "bring a kubeconfig: KUBECONFIG, or ~/.kube/config",
        "kubectl", "get", "--raw", "/version", "--request-timeout=2s");
  }

  private static Finding asked(String what, String whom, String install, String mend, String... command) {
    if (!onPath(command[0])) {
      return new Finding(what, null, "no " + whom + " seen, for want of a client; only up --provider " + what + " needs one", install);
    }
    try {
      Process asked = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
      if (!asked.waitFor(CLIENT_SECONDS, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
        return new Finding(what, null, "the " + whom + " does not answer; only up --provider " + what + " needs one", "see the log of the " + whom + ", or restart it");
      }
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
      return asked.exitValue() == 0 ? new Finding(what, Boolean.TRUE, whom + " " + said.replaceAll(".*\"gitVersion\": ?\"([^\"]*)\".*", "$1"), "")
          : new Finding(what, null, "no " + whom + " answers; only up --provider " + what + " needs one", mend);
    } catch (IOException e) {
      return new Finding(what, null, e.toString(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Finding(what, null, "interrupted while it was asked", "");
    }
  }

  private static Path nearest(Path directory) {
    Path existing = directory;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  private static boolean onPath(String program) {
    String path = System.getenv("PATH");
    return path != null && Stream.of(path.split(File.pathSeparator)).filter(each -> !each.isEmpty())
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static String mark(Finding finding) {
    return finding.ok() == null ? "ℹ️ " : finding.ok() ? "✅" : "❌";
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("what", finding.what());
    fields.put("ok", finding.ok());
    fields.put("found", finding.found());
    fields.put("mend", finding.mend());
    return fields;
  }
}
