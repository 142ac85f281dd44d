package io.hodei.testkit;

import java.util.Arrays;
import java.util.List;

/// A process of a separate installation. `label` is its name in `status` and for `serve`; `url` that of its URL.
public enum Part {
  DISPATCHER("dispatcher", "gateway"), LIFECYCLE("lifecycle-service", "lifecycle"), GC("gc-service", "gc"), AUDIT("audit-service", "audit"),
  API("job-api", "api"), BROKER("broker", "kafka"), REGISTRY("registry", "registry"), POSTGRES("postgres", "postgres");

  private final String label;
  private final String url;

  Part(String label, String url) {
    this.label = label;
    this.url = url;
  }

  public String label() {
    return label;
  }

  public String url() {
    return url;
  }

  /// Brought back by `serve`, and says by itself whether it is ready.
  public boolean isService() {
    return ordinal() <= API.ordinal();
  }

  public static List<Part> services() {
    return Arrays.stream(values()).filter(Part::isService).toList();
  }

  public static Part of(String label) {
    return Arrays.stream(values()).filter(part -> part.label.equals(label)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Expected a part of an installation, but found " + label));
  }
}
