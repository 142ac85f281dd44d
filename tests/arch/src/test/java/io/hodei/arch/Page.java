package io.hodei.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A generated page of the docs: compared with what it should be, or written with `-Dhodei.docs.write=true`.
final class Page {
  static final String REGENERATE = "./hodei docs";

  private Page() {}

  static void assertUpToDate(String name, String expected) throws IOException {
    Path page = Checkout.root().resolve("docs").resolve(name);
    if (Boolean.getBoolean("hodei.docs.write")) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.exists(page) ? Files.readString(page) : "",
        () -> "Expected docs/" + name + " to be what the code says, but it is stale; look at the difference, then write it with: " + REGENERATE);
  }

  static String head(String title, String from) {
    return "# " + title + "\n\nGenerated from " + from + "; do not edit. To write it anew: `" + REGENERATE + "`.\n\n";
  }

  /// A cell of a table.
  static String cell(Object value) {
    return String.valueOf(value).replace("|", "\\|").replace("\n", " ");
  }
}
