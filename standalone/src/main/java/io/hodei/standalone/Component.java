package io.hodei.standalone;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Everything that `up` runs, in the order in which it starts.
enum Component {
  POSTGRES("postgres", Port.POSTGRES, ""),
  BROKER("broker", Port.KAFKA, ""),
  REGISTRY("registry", Port.REGISTRY, "/apis/ccompat/v7/subjects"),
  DISPATCHER("dispatcher", Port.GATEWAY, "/health/ready"),
  LIFECYCLE("lifecycle-service", Port.LIFECYCLE, "/health/ready"),
  GC("gc-service", Port.GC, "/health/ready"),
  AUDIT("audit-service", Port.AUDIT, "/health/ready"),
  API("job-api", Port.API, "/health/ready");

  private final String label;
  private final Port port;
  private final String healthPath;

  Component(String label, Port port, String healthPath) {
    this.label = label;
    this.port = port;
    this.healthPath = healthPath;
  }

  String label() {
    return label;
  }

  Port port() {
    return port;
  }

  /// Empty: it is well when its port takes connections.
  String healthPath() {
    return healthPath;
  }

  boolean isService() {
    return ordinal() >= DISPATCHER.ordinal();
  }

  String url(Ports ports) {
    int number = ports.of(port);
    return switch (this) {
      case POSTGRES -> "postgresql://127.0.0.1:" + number + "/" + Postgres.DATABASE;
      case BROKER -> "127.0.0.1:" + number;
      case REGISTRY -> RegistryServer.url(number);
      case DISPATCHER, LIFECYCLE, GC, AUDIT, API -> "http://127.0.0.1:" + number;
    };
  }

  /// The order in which everything stops: who asks, those who decide and act, what all stand on. Each step stops at once.
  static List<List<Component>> steps() {
    return List.of(List.of(API, AUDIT, GC), List.of(LIFECYCLE, DISPATCHER), List.of(REGISTRY, BROKER, POSTGRES));
  }

  static List<Component> services() {
    return Arrays.stream(values()).filter(Component::isService).toList();
  }

  /// @throws StandaloneException listing the names when there is none of this one
  static Component service(String name) {
    Optional<Component> found = services().stream().filter(each -> each.label.equals(name)).findFirst();
    return found.orElseThrow(() -> StandaloneException.usage("Expected one of job-api, dispatcher, lifecycle-service, "
        + "gc-service, audit-service, but found \"" + name + "\"."));
  }
}
