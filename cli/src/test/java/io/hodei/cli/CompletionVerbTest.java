package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The script of `hodei completion bash`, in a real bash.
class CompletionVerbTest {
  @TempDir
  Path home;

  @ParameterizedTest
  @CsvSource({"ho ca, cancel", "ho clea, cleanup", "ho jobs lo, logs", "ho run --que, --queue-timeout", "ho jobs wait --ti, --timeout", "ho workers dr, drain", "ho up --sep, --separate"})
  void completes(String typed, String completed) throws IOException, InterruptedException {
    String[] words = typed.split(" ");
    StringBuilder list = new StringBuilder();
    for (String word : words) {
      list.append('\'').append(word).append("' ");
    }
    String script = CompletionVerb.script(CommandTable.VERBS) + "\nCOMP_WORDS=(" + list + ")\nCOMP_CWORD=" + (words.length - 1)
        + "\n_hodei\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    Process bash = new ProcessBuilder("bash", "-euc", script).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), said);
    assertEquals(completed + "\n", said);
  }

  @Test
  void otherShellsAreRefusedByName() {
    Typed refused = new Typed(home, "http://127.0.0.1:1").type("completion", "fish");
    assertEquals(2, refused.code);
    assertTrue(refused.err().contains("\"fish\""), refused.err());
    assertTrue(new Typed(home, "http://127.0.0.1:1").type("completion", "zsh").out().startsWith("autoload "));
  }
}
