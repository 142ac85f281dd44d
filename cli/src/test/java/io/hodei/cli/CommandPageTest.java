package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// docs/cli.md is what the table of commands says, between the words of `command-page.md` in the test's resources.
class CommandPageTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();
  private static final Pattern OPTION = Pattern.compile("(?m)^ {8}(--[a-z]+)");

  private final StringBuilder page = new StringBuilder();

  @Test
  void thePageIsUpToDate() throws IOException {
    page.append("# Command line\n\nGenerated from `io.hodei.cli.CommandTable` and `Exits`; do not edit. To write it anew: `./hodei docs`.\n\n");
    page.append(words()).append("\n## Exit codes\n\nOf every command that names no others below:\n\n");
    codes(Exits.PLAIN);
    page.append("""

        Besides, of every command: 141 when nobody reads the output any more; 128+n when signal n ends the command itself (130 on Ctrl-C); 125 when
        the script `hodei`, before the command, finds no JDK or cannot build.

        ## Options of every command

        `up`, `down`, `serve`, `build`, `test`, `chaos`, `simulate`, `mutate` and `docs` take only those of their own.

        """);
    takes(Verb.EVERYWHERE);
    page.append("\n## Commands\n");
    commands();
    page.append("\n## Not built yet\n\nRefused by name, with exit code 2: ").append(CommandTable.VERBS.stream().flatMap(CommandPageTest::notBuilt)
        .map(each -> "`hodei " + each + "`").collect(Collectors.joining(", "))).append(".\n");
    assertUpToDate(ROOT.resolve("docs/cli.md"), page.toString());
  }

  private static String words() throws IOException {
    try (var in = CommandPageTest.class.getResourceAsStream("command-page.md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void commands() {
    List<Verb> ofJobs = Verb.named("jobs", CommandTable.VERBS).verbs();
    for (Verb verb : CommandTable.VERBS) {
      if (verb.isBuilt() && !ofJobs.contains(verb)) {
        command("hodei " + verb.name(), verb, "");
        verb.verbs().stream().filter(Verb::isBuilt).forEach(below -> command("hodei " + verb.name() + " " + below.name(), below,
            ofJobs.contains(below) ? " · `hodei " + below.name() + "`" : ""));
      }
    }
  }

  private void command(String path, Verb verb, String alias) {
    page.append("\n### `").append(path).append('`').append(alias).append("\n\n`").append(Help.usage(path, verb)).append("`\n\n")
        .append(verb.summary()).append('\n');
    List<Shape> own = verb.shapes().stream().filter(shape -> !Verb.EVERYWHERE.contains(shape) && !(shape instanceof Shape.Anything)).toList();
    if (!own.isEmpty()) {
      page.append('\n');
      takes(own);
    }
    if (verb.exits() != Exits.PLAIN) {
      page.append('\n');
      codes(verb.exits());
    }
  }

  private void takes(List<Shape> shapes) {
    page.append("| takes | what |\n|---|---|\n");
    for (Shape shape : shapes) {
      switch (shape) {
        case Shape.Operand operand -> row(operand.label(), operand.description());
        case Shape.Words words -> row(words.label(), words.description());
        case Shape.Option option -> row(option.typed(), option.description());
        case Shape.Anything anything -> { }
      }
    }
  }

  private void codes(Exits exits) {
    page.append("| exit code | means |\n|---|---|\n");
    exits.codes().forEach(each -> row(each.code(), each.meaning()));
  }

  private void row(String name, String meaning) {
    page.append("| `").append(name).append("` | ").append(meaning.replace("|", "\\|")).append(" |\n");
  }

  private static Stream<String> notBuilt(Verb verb) {
    return verb.isBuilt() ? verb.verbs().stream().filter(below -> !below.isBuilt()).map(below -> verb.name() + " " + below.name())
        : Stream.of(verb.name());
  }

  private static void assertUpToDate(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("hodei.docs.write")) {
      Files.writeString(file, expected);
    }
    assertEquals(expected, Files.exists(file) ? Files.readString(file) : "", () -> "Expected docs/" + file.getFileName()
        + " to be what the code says, but it is stale; look at the difference, then write it with: ./hodei docs");
  }

  /// They are read by the modules standalone, chaos and simulation, which this one does not know.
  @ParameterizedTest
  @CsvSource({"up, standalone/src/main/java/io/hodei/standalone/UpOptions", "down, standalone/src/main/java/io/hodei/standalone/Down",
      "serve, standalone/src/main/java/io/hodei/standalone/Serve", "chaos, tests/chaos/src/main/java/io/hodei/chaos/ChaosOptions",
      "simulate, tests/simulation/src/main/java/io/hodei/simulation/SimulateOptions"})
  void whatTheScriptHandsOnTakesWhatItsOwnHelpSays(String name, String source) throws IOException {
    String text = Files.readString(ROOT.resolve(source + ".java"));
    Set<String> told = new TreeSet<>();
    OPTION.matcher(text).results().forEach(each -> told.add(each.group(1)));
    assertEquals(told, new TreeSet<>(Verb.named(name, CommandTable.VERBS).optionNames()));
  }

  @Test
  void everyWordOfTheTableEndsAsASentence() {
    List<String> all = new ArrayList<>();
    for (Verb verb : CommandTable.VERBS) {
      all.add(verb.summary());
      verb.shapes().forEach(shape -> all.add(switch (shape) {
        case Shape.Operand operand -> operand.description();
        case Shape.Words words -> words.description();
        case Shape.Option option -> option.description();
        case Shape.Anything anything -> ".";
      }));
    }
    assertTrue(all.stream().allMatch(each -> each.endsWith(".")), () -> all.stream().filter(each -> !each.endsWith(".")).toList().toString());
  }
}
