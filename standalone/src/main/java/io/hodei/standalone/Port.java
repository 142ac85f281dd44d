package io.hodei.standalone;

/// Every port that `up` needs, with its default. `CONTROLLER` is Kafka's own.
enum Port {
  API("api", 8080),
  GATEWAY("gateway", 8090),
  LIFECYCLE("lifecycle", 8091),
  GC("gc", 8092),
  AUDIT("audit", 8093),
  KAFKA("kafka", 9092),
  CONTROLLER("kafka controller", 9093),
  POSTGRES("postgres", 15432),
  REGISTRY("registry", 8081);

  private final String label;
  private final int standard;

  Port(String label, int standard) {
    this.label = label;
    this.standard = standard;
  }

  String label() {
    return label;
  }

  int standard() {
    return standard;
  }
}
