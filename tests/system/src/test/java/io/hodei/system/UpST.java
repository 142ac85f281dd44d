package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `up`, `down` and `run` on a machine where nothing runs, and the README's blocks as they stand.
@ResourceLock(Shared.SEPARATE)
class UpST {
  // proves: contract:up, contract:down, contract:cli-run
  @Test
  void runStartsOneAndDownLeavesNothing() throws IOException {
    Path base = Files.createTempDirectory("hodei-first-");
    List<String> data = List.of("--data", base.resolve("data").toString());
    Ran first = Shell.hodei(Map.of(), base, concat(List.of("run"), data, List.of("--", "sh", "-c", "echo hello; exit 3"))).exits(3);
    assertEquals("hello\n", first.out());
    assertTrue(first.err().contains("Hodei is ready"), first.err());
    System.out.println("first run, with up: " + first.took().toMillis() + " ms");
    Ran second = Shell.hodei(Map.of(), base, concat(List.of("up"), data, List.of())).exits(0);
    assertTrue(second.out().contains("http://127.0.0.1:"), "a second up prints the URLs: " + second.out());
    String id = Files.readString(base.resolve("data/hodei.yaml")).lines().filter(line -> line.startsWith("hodei.installation-id"))
        .map(line -> line.substring(line.indexOf(':') + 1).replace("\"", "").trim()).findFirst().orElseThrow();
    Shell.hodei(Map.of(), base, concat(List.of("run", "--detach"), data, List.of("--", "sleep", "600"))).exits(0);
    Await.whenTrue("the job to run", Duration.ofSeconds(30), () -> ProcessTable.ofInstallation(id).size() >= 2);
    Shell.hodei(Map.of(), base, concat(List.of("down"), data, List.of())).exits(0);
    assertEquals(List.of(), ProcessTable.ofInstallation(id), "agents and jobs");
    assertEquals(List.of(), ProcessTable.named(base.toString()), "processes of the installation");
    Ran third = Shell.hodei(Map.of(), base, concat(List.of("up", "--detach"), data, List.of())).exits(0);
    System.out.println("second start on the same data: " + third.took().toMillis() + " ms");
    // The job was asked to end while its end could still be recorded.
    Shell.hodei(Map.of(), base, concat(List.of("wait", "@last"), data, List.of())).exits(128 + 15);
    Shell.hodei(Map.of(), base, concat(List.of("down", "--purge"), data, List.of())).exits(0);
    assertTrue(Files.notExists(base.resolve("data")));
  }

  // proves: contract:serve, contract:up
  @Test
  void aSeparateServiceIsReportedDeadAndServedAgain() {
    Installation hodei = Shared.separate();
    System.out.println("up --separate: " + hodei.startTook().toMillis() + " ms");
    ProcessTable.signal("KILL", hodei.pidOf("gc-service"));
    Await.whenTrue("gc-service to be reported dead", Duration.ofSeconds(20), () -> state(hodei, "gc-service").equals("dead"));
    hodei.serve("gc-service");
    Await.whenTrue("gc-service to be up again", Duration.ofSeconds(60), () -> state(hodei, "gc-service").equals("up"));
    hodei.post("/v1/gc/runs", "").is(200);
  }

  private static String state(Installation hodei, String service) {
    for (var each : hodei.status().path("services")) {
      if (each.path("name").asText().equals(service)) {
        return each.path("state").asText();
      }
    }
    return "missing";
  }

  // proves: contract:test
  @Test
  void theReadmesBlocksRunAsTheyStand() throws IOException {
    Path base = Files.createTempDirectory("hodei-readme-");
    Path data = base.resolve("data");
    executable(base.resolve("hodei"), """
        #!/bin/bash
        before=() after=()
        while [ $# -gt 0 ] && [ "$1" != -- ]; do before+=("$1"); shift; done
        after=("$@")
        exec %s "${before[@]}" --data %s "${after[@]}"
        """.formatted(Shell.checkout().resolve("hodei"), data));
    try {
      block(base, "up");
      Ran cli = block(base, "cli");
      assertTrue(cli.out().contains("from the shell") && cli.out().contains("Worker Cleanup Health"), cli.out());
      Ran curl = block(base, "curl");
      assertTrue(curl.out().endsWith("from curl\n") && curl.out().contains("SUCCEEDED"), curl.out());
      String kafka = Files.readString(data.resolve("hodei.yaml")).lines().filter(line -> line.startsWith("hodei.kafka.bootstrap-servers"))
          .map(line -> line.substring(line.indexOf(':') + 1).replace("\"", "").trim()).findFirst().orElseThrow();
      Path bin = Files.createDirectories(base.resolve("bin"));
      String path;
      try (Stream<Path> jars = Files.list(Shell.checkout().resolve("build/dist/current/lib"))) {
        path = String.join(":", jars.map(Path::toString).sorted().toList());
      }
      executable(bin.resolve("kafka-console-producer.sh"), "#!/bin/bash\nexec %s -cp %s org.apache.kafka.tools.ConsoleProducer \"$@\" 2>/dev/null\n"
          .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), path));
      Ran produced = block(base, "kafka", "localhost:9092", kafka);
      assertTrue(produced.out().endsWith("from kafka\n"), produced.out() + produced.err());
      block(base, "down");
    } finally {
      Shell.hodei(Map.of(), base, List.of("down", "--purge", "--data", data.toString()));
    }
  }

  /// Runs the README's block of this name; `replace` are pairs of what this machine has otherwise.
  private static Ran block(Path directory, String name, String... replace) throws IOException {
    String readme = Files.readString(Shell.checkout().resolve("README.md"));
    int mark = readme.indexOf("<!-- block: " + name + " -->");
    assertTrue(mark >= 0, "the README has block " + name);
    int begin = readme.indexOf("```bash\n", mark) + "```bash\n".length();
    String script = readme.substring(begin, readme.indexOf("```", begin));
    for (int i = 0; i < replace.length; i += 2) {
      script = script.replace(replace[i], replace[i + 1]);
    }
    return Shell.run(Map.of("PATH", directory.resolve("bin") + ":" + System.getenv("PATH")), directory, List.of("bash", "-euc", script)).exits(0);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private static List<String> concat(List<String> a, List<String> b, List<String> c) {
    return Stream.of(a, b, c).flatMap(List::stream).toList();
  }
}
