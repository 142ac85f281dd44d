package io.hodei.standalone;

import io.hodei.api.JobApiService;
import io.hodei.audit.AuditService;
import io.hodei.dispatcher.DispatcherService;
import io.hodei.gc.GcService;
import io.hodei.kit.Settings;
import io.hodei.lifecycle.LifecycleService;

/// The five services by name: the one place that knows their classes.
final class Services {
  private Services() {}

  /// Starts a service in this JVM; it may take until the broker and the registry are there.
  static AutoCloseable start(Component service, Settings settings) {
    return switch (service) {
      case API -> JobApiService.start(settings);
      case DISPATCHER -> DispatcherService.start(settings);
      case LIFECYCLE -> LifecycleService.start(settings);
      case GC -> GcService.start(settings);
      case AUDIT -> AuditService.start(settings);
      case POSTGRES, BROKER, REGISTRY -> throw new IllegalArgumentException(service + " is no service");
    };
  }
}
