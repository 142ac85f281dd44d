package io.hodei.providers;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// A service in a JVM of its own that starts one agent, a script, prints its pid and stays until it is killed:
/// `java … EarlierLife INSTALLATION WORKERS_DIR WORKER SCRIPT`.
final class EarlierLife {
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private EarlierLife() {}

  static ProcessBuilder of(String installation, Path workersDir, String worker, String script) {
    return new ProcessBuilder(JAVA, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", classPath(ProcessProvider.class, EarlierLife.class, LoggerFactory.class), EarlierLife.class.getName(),
        installation, workersDir.toString(), worker, script).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  static String classPath(Class<?>... types) {
    return Stream.of(types).map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath()).collect(Collectors.joining(":"));
  }

  public static void main(String[] arguments) throws Exception {
    Path workers = Path.of(arguments[1]);
    ProcessProvider provider = new ProcessProvider(new ProcessSite("process-it", arguments[0], workers, workers),
        file -> List.of("setsid", "sh", "-c", arguments[3], "agent", file.toString()), new LimitMarking(LimitMarking.PRLIMIT));
    System.out.println(provider.create(new WorkerLaunch(arguments[2], "default", URI.create("http://127.0.0.1:8090"), "secret")).providerRef());
    Thread.sleep(Long.MAX_VALUE);
  }
}
