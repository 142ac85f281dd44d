package io.hodei.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The rows of `docs/proofs-catalogue.yaml`.
record ProofRows(Set<String> finished, List<Row> rows) {
  /// One thing that is promised. `issue` finishes it: A, B, C, D, or later.
  record Row(String id, String issue, String what) {}

  static ProofRows read() {
    Map<?, ?> file = (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(Checkout.text(Checkout.root().resolve("docs/proofs-catalogue.yaml")));
    Set<String> finished = new TreeSet<>();
    ((List<?>) file.get("finished")).forEach(issue -> finished.add(String.valueOf(issue)));
    List<Row> rows = new ArrayList<>();
    for (Object each : (List<?>) file.get("rows")) {
      Map<?, ?> row = (Map<?, ?>) each;
      rows.add(new Row(String.valueOf(row.get("id")), String.valueOf(row.get("issue")), String.valueOf(row.get("what"))));
    }
    return new ProofRows(finished, rows);
  }
}
