package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.lifecycle.LifecycleService;
import io.hodei.providers.ProviderException;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The agents and jobs of this installation on this machine, as a stop sees them. On the caller's thread.
final class Workers implements AutoCloseable {
  /// For jobs whose processes are out of our sight, so that nobody has asked them. Those of this machine have had their time.
  private static final Duration UNSEEN_GRACE = Duration.ofSeconds(2);
  /// An agent needs it at most to tell how its job ended.
  private static final Duration REPORT = Duration.ofSeconds(3);

  private final List<WorkerProvider> providers;
  private final String installation;
  private final Set<String> silent = new HashSet<>();

  private Workers(List<WorkerProvider> providers, String installation) {
    this.providers = providers;
    this.installation = installation;
  }

  static Workers of(Settings settings) {
    return new Workers(LifecycleService.providers(settings, settings.text(Key.INSTALLATION_ID)), settings.text(Key.INSTALLATION_ID));
  }

  /// Waits until no agent is alive, so long at most. Those without a job, idle or kept, are not waited for: there is nothing that they will report.
  void awaitEnd(Duration atMost, Progress progress) {
    long end = System.nanoTime() + atMost.toNanos();
    long alive = alive(progress);
    if (alive > 0) {
      progress.line(alive + (alive == 1 ? " worker is" : " workers are") + " running; jobs are asked to end and get " + atMost.toSeconds() + " s");
      askJobsToEnd();
    }
    long lastJob = System.nanoTime();
    while (alive > 0 && System.nanoTime() < end && System.nanoTime() - lastJob < REPORT.toNanos()) {
      Pause.millis(100);
      alive = alive(progress);
      if (inContainers(progress) || ProcessHandle.allProcesses().anyMatch(this::isOfAJob)) {
        lastJob = System.nanoTime();
      }
    }
  }

  /// SIGTERM to every process of a job; its agent tells how it ended, as long as the services are there to hear it.
  private void askJobsToEnd() {
    ProcessHandle.allProcesses().filter(this::isOfAJob).forEach(ProcessHandle::destroy);
  }

  /// Of this installation and no agent: an agent is a child of no other marked process.
  private boolean isOfAJob(ProcessHandle process) {
    return isMarked(process.pid()) && process.parent().map(parent -> isMarked(parent.pid())).orElse(false);
  }

  private boolean isMarked(long pid) {
    try {
      String environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1);
      List<String> variables = List.of(environment.split("\0"));
      return variables.contains("HODEI_INSTALLATION_ID=" + installation) && variables.stream().anyMatch(each -> each.startsWith("HODEI_WORKER_ID="));
    } catch (IOException e) {
      return false;
    }
  }

  /// Kills every process of every worker and removes what there is of it.
  void destroyAll(Progress progress) {
    for (WorkerProvider provider : providers) {
      for (WorkerItem item : items(provider, progress)) {
        try {
          provider.destroy(item.workerId(), provider.type().equals("process") ? Duration.ZERO : UNSEEN_GRACE);
          progress.line("worker " + item.workerId() + " destroyed");
        } catch (ProviderException e) {
          progress.line(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /// Removes what served all of them.
  void purge(Progress progress) {
    for (WorkerProvider provider : providers) {
      try {
        if (!silent.contains(provider.providerId())) {
          provider.purge();
        }
      } catch (ProviderException e) {
        progress.line(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void close() {
    providers.forEach(WorkerProvider::close);
  }

  /// Containers are ephemeral: one that is alive has a job, whose processes may be out of our sight.
  private boolean inContainers(Progress progress) {
    return providers.stream().filter(provider -> !provider.type().equals("process"))
        .anyMatch(provider -> items(provider, progress).stream().anyMatch(WorkerItem::agentAlive));
  }

  private long alive(Progress progress) {
    return providers.stream().flatMap(provider -> items(provider, progress).stream()).filter(WorkerItem::agentAlive).count();
  }

  /// None of a provider that cannot be asked, which is told once: what runs elsewhere must not keep this machine from stopping.
  private List<WorkerItem> items(WorkerProvider provider, Progress progress) {
    try {
      if (silent.contains(provider.providerId())) {
        return List.of();
      }
      if (!provider.reachable()) {
        throw new ProviderException(ProviderException.Reason.PROVIDER_UNREACHABLE, "Expected " + provider.providerId() + " to say which workers it has, but it does not answer");
      }
      return provider.inventory().items();
    } catch (ProviderException e) {
      if (provider.type().equals("process")) {
        throw new StandaloneException(e.getMessage(), e);
      }
      silent.add(provider.providerId());
      progress.line(e.getMessage() + ". What runs there is left as it is; the next up takes it over");
      return List.of();
    }
  }
}
