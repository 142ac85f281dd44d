package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract's table of commands, as it is typed: each is there, or is refused by its name.
class ContractTest {
  private static final String UUID = "019a0000-0000-7000-8000-00000000abcd";

  @TempDir
  Path home;

  private Typed hodei(String... words) {
    Typed typed = new Typed(home, "");
    typed.environment.clear();
    return typed.type(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "status -o json", "doctor",
      "run --pool P --image I --env K=V --secret NAME --timeout 10m --cpu 500m --memory 256Mi --max-attempts N --priority N --label k=v --workdir D --detach -- CMD ARG",
      "submit FILE", "submit -", "jobs", "jobs list", "jobs get ID", "jobs wait ID", "jobs cancel ID", "jobs retry ID", "jobs logs -f ID", "jobs events ID", "jobs why ID",
      "list", "get ID", "wait ID", "cancel @last", "retry ID", "logs -f ID", "events ID", "why ID", "workers", "workers list", "workers get ID", "workers drain ID",
      "workers destroy ID", "pools", "pools list", "pools get NAME", "pools apply -f FILE",
      "audit --correlation ID --type T --actor A --job ID --worker ID --since T --until T", "cleanup", "gc run", "flags get",
      "flags set K=V", "dlq list", "dlq show ID", "dlq replay ID", "dlq drop ID", "completion bash"})
  void theClientHasIt(String typed) {
    List<String> words = new ArrayList<>(Arrays.asList(typed.split(" ")));
    words.addAll(1, List.of("--data", "D"));
    Arguments read = Arguments.read(CommandTable.VERBS, words);
    assertTrue(read.verb().isBuilt() && !read.verb().takesAnything(), typed);
    assertEquals("D", read.text("--data"), "every client command takes --data");
  }

  @ParameterizedTest
  @CsvSource({"up, --provider --data --port --detach --separate", "down, --data --purge", "serve, --config", "test, ''", "chaos, --minutes --seed --data --report",
    "simulate, --seeds --from --seed --trace --mutant"})
  void theScriptHasIt(String name, String options) {
    Verb verb = Verb.named(name, CommandTable.VERBS);
    assertTrue(verb.isBuilt() && verb.takesAnything(), name);
    assertEquals(options, String.join(" ", verb.optionNames()));
    assertEquals("Error: Expected hodei " + name + " to be run by the script hodei, but the client was asked directly; run ./hodei " + name + "\n",
        hodei(name, "--data", "D").err());
  }

  @ParameterizedTest
  @CsvSource({"audit verify, audit verify", "bench NAME, bench"})
  void orItIsRefusedByName(String typed, String named) {
    Typed refused = hodei(typed.split(" "));
    assertEquals("Error: hodei " + named + " is not built yet\n", refused.err());
    assertEquals(2, refused.code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench"})
  void theScriptRefusesAsWellBeforeItBuilds(String name) throws IOException, InterruptedException {
    Path script = Path.of(System.getProperty("basedir", ".")).resolve("../hodei").normalize();
    Process asked = new ProcessBuilder("bash", script.toString(), name, "NAME").redirectErrorStream(true).start();
    assertEquals("Error: hodei " + name + " is not built yet\n", new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(2, asked.waitFor());
  }

  /// The time limit: what has no address to try is not tried for a minute.
  @ParameterizedTest
  @ValueSource(strings = {"status", "run -- x", "run --detach -- x", "jobs", "get x", "wait " + UUID, "wait " + UUID + " --timeout 1m", "cancel " + UUID, "retry " + UUID, "logs " + UUID,
      "logs -f " + UUID, "events x", "why x", "workers", "workers get x", "workers destroy x", "workers stats", "pools", "pools get x", "audit", "cleanup", "gc run"})
  void withoutAServerEveryCommandSaysTheSame(String typed) {
    long start = System.nanoTime();
    Typed none = hodei(typed.split(" "));
    assertEquals("Error: no Hodei at " + home.resolve(".hodei") + "; start one: ./hodei up\n", none.err());
    assertEquals(typed.startsWith("run") || typed.startsWith("wait") ? 125 : 1, none.code);
    assertEquals("", none.out());
    assertTrue(System.nanoTime() - start < 10_000_000_000L, "at once");
  }

  @Test
  void aDirectoryThatWasGivenIsGivenToUpAsWell() {
    Path data = home.resolve("elsewhere");
    String expected = "Error: no Hodei at " + data + "; start one: ./hodei up --data " + data + "\n";
    assertEquals(expected, hodei("jobs", "--data", "elsewhere").err());
    assertEquals(expected, hodei("status", "--data", data.toString()).err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "wait", "jobs wait", "logs", "status", "doctor"})
  void helpShowsExitCodesThatAreNotPlain(String command) {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    words.add("--help");
    Verb verb = Arguments.read(CommandTable.VERBS, words).verb();
    String help = hodei(words.toArray(String[]::new)).out();
    assertTrue(help.contains("\nExit codes:\n"), help);
    verb.exits().codes().forEach(each -> assertTrue(help.matches("(?s).*\n  \\Q" + each.code() + "\\E +\\Q" + each.meaning() + "\\E\n.*"), help));
    assertTrue(!hodei("get", "--help").out().contains("Exit codes"));
  }
}
