package io.hodei.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Small files, nothing put off, nothing switched off, a word about each package and module.
class TidyTest {
  private static final int LONGEST = 370;
  /// A test class may tell a longer story.
  private static final int LONGEST_TEST = 450;
  /// Put together here, so that this file does not find itself.
  private static final Pattern PUT_OFF = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
  private static final Pattern SWITCHED_OFF = Pattern.compile("@Dis" + "abled\\b|assumeTrue" + "\\(|assumeFalse" + "\\(");
  private static final Pattern VAGUE = Pattern.compile(".*(Manager|Helper|Utils?|Impl|Base|Data|Info)\\.java");

  @Test
  void noFileIsTooLong() {
    List<String> long_ = new ArrayList<>();
    for (Path file : sources()) {
      long lines = Checkout.text(file).lines().count();
      if (lines > (Checkout.name(file).contains("src/test/") ? LONGEST_TEST : LONGEST)) {
        long_.add(Checkout.name(file) + ": " + lines);
      }
    }
    assertEquals(List.of(), long_, "files over " + LONGEST + " lines: split them by what they do");
  }

  @Test
  void nothingIsPutOff() {
    assertEquals(List.of(), linesWith(PUT_OFF), "do it, or open an issue");
  }

  @Test
  void noTestIsSwitchedOff() {
    assertEquals(List.of(), linesWith(SWITCHED_OFF), "a test that cannot run is a failure; mend it or delete it");
  }

  /// Classes of the system tests run two at a time.
  @Test
  void whoUsesASharedInstallationLocksIt() {
    Map<String, String> locks = Map.of("Shared.installation()", "@ResourceLock(Shared.WHOLE)", "Shared.separate()", "@ResourceLock(Shared.SEPARATE)",
        "Shared.docker()", "@ResourceLock(Shared.DOCKER)", "Shared.allWell()", "@ResourceLock(Shared.SEPARATE)");
    List<String> without = new ArrayList<>();
    for (Path file : sources()) {
      String text = Checkout.name(file).startsWith("tests/system/src/test/") ? Checkout.text(file) : "";
      locks.forEach((use, lock) -> {
        if (text.contains(use) && !text.contains(lock)) {
          without.add(Checkout.name(file) + " uses " + use + " without " + lock);
        }
      });
    }
    assertEquals(List.of(), without);
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    Set<String> bare = new TreeSet<>();
    for (Path file : Checkout.javaFiles("src/main/java")) {
      Path info = file.resolveSibling("package-info.java");
      if (file.getFileName().toString().equals("module-info.java")) {
        continue;
      }
      if (!Files.exists(info) || (!Checkout.text(info).contains("@NullMarked") && !Checkout.name(info).startsWith("schemas/"))) {
        bare.add(Checkout.name(info));
      }
    }
    assertEquals(Set.of(), bare, "packages without a @NullMarked package-info.java");
  }

  @Test
  void everyModuleSaysWhatItIs() {
    assertEquals(List.of(), Checkout.modules().stream().filter(module -> !Files.exists(Checkout.root().resolve(module).resolve("README.md"))).toList(),
        "modules without a README.md (Purpose, Reads, Writes, Owns, Invariants, Start here)");
  }

  @Test
  void noNameHidesItsNoun() {
    assertEquals(List.of(), Checkout.javaFiles("src").stream().filter(file -> VAGUE.matcher(file.getFileName().toString()).matches()).map(Checkout::name).toList(),
        "names whose suffix says nothing");
  }

  @Test
  void filesAreIndentedBySpacesAndEndWithANewline() {
    List<String> untidy = new ArrayList<>();
    for (Path file : sources()) {
      String text = Checkout.text(file);
      if (text.contains("\t") || text.contains("\r") || !text.endsWith("\n")) {
        untidy.add(Checkout.name(file));
      }
    }
    assertEquals(List.of(), untidy, "files with tabs, carriage returns, or without a last newline");
  }

  private static List<Path> sources() {
    List<Path> files = new ArrayList<>(Checkout.javaFiles("src"));
    for (String module : Checkout.modules()) {
      files.addAll(Checkout.files(Checkout.root().resolve(module).resolve("src"), path -> path.toString().matches(".*\\.(proto|sh|sql|avsc)")
          && !path.toString().endsWith(".avsc")));
    }
    return files;
  }

  private static List<String> linesWith(Pattern pattern) {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      int number = 0;
      for (String line : Checkout.text(file).lines().toList()) {
        number++;
        if (pattern.matcher(line).find()) {
          found.add(Checkout.name(file) + ":" + number);
        }
      }
    }
    return found;
  }
}
