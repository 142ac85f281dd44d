package io.hodei.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every promise of a finished issue has a test that says so.
class ProofsTest {
  private final ProofRows catalogue = ProofRows.read();
  private final List<ProofMarks.Mark> marks = ProofMarks.read();

  @Test
  void everyRowOfAFinishedIssueIsProved() {
    List<String> bare = catalogue.rows().stream().filter(row -> catalogue.finished().contains(row.issue())).map(ProofRows.Row::id)
        .filter(id -> marks.stream().noneMatch(mark -> mark.proves(id))).toList();
    assertEquals(List.of(), bare, "rows of docs/proofs-catalogue.yaml that no test proves; write the test, or mark it with // proves: ROW");
  }

  @Test
  void promisesAndLiesOfAFinishedIssueAreProvedFromOutside() {
    List<String> inner = catalogue.rows().stream().filter(row -> catalogue.finished().contains(row.issue())).map(ProofRows.Row::id)
        .filter(id -> id.startsWith("promise:") || id.startsWith("lie:"))
        .filter(id -> marks.stream().noneMatch(mark -> mark.proves(id) && mark.file().startsWith("tests/"))).toList();
    assertEquals(List.of(), inner, "promises and lies that no test of the real binaries proves; write one in tests/system");
  }

  @Test
  void everyMarkNamesARow() {
    Set<String> unknown = new TreeSet<>();
    marks.stream().filter(mark -> catalogue.rows().stream().noneMatch(row -> mark.proves(row.id())))
        .forEach(mark -> unknown.add(mark.row() + " in " + mark.file()));
    assertEquals(Set.of(), unknown, "marks that name no row of docs/proofs-catalogue.yaml");
  }

  @Test
  void noRowIsThereTwice() {
    Set<String> seen = new HashSet<>();
    assertEquals(List.of(), catalogue.rows().stream().map(ProofRows.Row::id).filter(id -> !seen.add(id)).toList());
    assertEquals(Set.of(), catalogue.rows().stream().map(ProofRows.Row::issue).filter(issue -> !Set.of("A", "B", "C", "D", "later").contains(issue))
        .collect(Collectors.toSet()));
  }

  @Test
  void thePageIsUpToDate() throws IOException {
    StringBuilder page = new StringBuilder(Page.head("Proofs", "`docs/proofs-catalogue.yaml` and the marks `// proves:` and `@Proves` in the tests"));
    long proved = catalogue.rows().stream().filter(row -> marks.stream().anyMatch(mark -> mark.proves(row.id()))).count();
    page.append(proved).append(" of ").append(catalogue.rows().size()).append(" rows have a proof. Finished issues: ")
        .append(String.join(", ", catalogue.finished())).append("; each of their rows must have one.\n\n");
    Map<String, String> titles = Map.of("promise", "The promises", "lie", "Claims of the old system", "invariant", "The invariants", "seed", "The floor of the seeds",
        "contract", "The contract");
    for (String kind : List.of("promise", "lie", "invariant", "seed", "contract")) {
      page.append("## ").append(titles.get(kind)).append("\n\n| row | issue | what | proved by |\n|---|---|---|---|\n");
      catalogue.rows().stream().filter(row -> row.id().startsWith(kind + ":")).forEach(row -> page.append("| ").append(row.id()).append(" | ")
          .append(row.issue()).append(" | ").append(Page.cell(row.what())).append(" | ").append(proofs(row.id())).append(" |\n"));
      page.append('\n');
    }
    Page.assertUpToDate("proofs.md", page.toString());
  }

  private String proofs(String id) {
    String all = marks.stream().filter(mark -> mark.proves(id)).map(mark -> "[" + mark.test() + "](../" + mark.file() + ")").distinct().sorted()
        .collect(Collectors.joining(", "));
    return all.isEmpty() ? "open" : all;
  }
}
