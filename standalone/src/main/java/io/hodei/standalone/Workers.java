package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.providers.ProcessProvider;
import io.hodei.providers.ProcessSite;
import io.hodei.providers.ProviderException;
import io.hodei.providers.WorkerItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The agents and jobs of this installation on this machine, as a stop sees them. On the caller's thread.
final class Workers implements AutoCloseable {
  private static final Duration AGENT_GRACE = Duration.ofSeconds(2);
  /// An agent needs it at most to tell how its job ended.
  private static final Duration REPORT = Duration.ofSeconds(3);

  private final ProcessProvider provider;
  private final String installation;

  private Workers(ProcessProvider provider, String installation) {
    this.provider = provider;
    this.installation = installation;
  }

  static Workers of(Settings settings) {
    String workers = settings.text(Key.PROCESS_WORKERS_DIR);
    Path directory = workers.isEmpty() ? Path.of(settings.text(Key.DATA_DIR), "workers") : Path.of(workers);
    return new Workers(new ProcessProvider(new ProcessSite("process-stop", settings.text(Key.INSTALLATION_ID), directory,
        Path.of(settings.text(Key.PROCESS_AGENT_DIR)))), settings.text(Key.INSTALLATION_ID));
  }

  /// Waits until no agent is alive, so long at most. Those without a job, idle or kept, are not waited for: there is nothing that they will report.
  void awaitEnd(Duration atMost, Progress progress) {
    long end = System.nanoTime() + atMost.toNanos();
    long alive = alive();
    if (alive > 0) {
      progress.line(alive + (alive == 1 ? " worker is" : " workers are") + " running; jobs are asked to end and get " + atMost.toSeconds() + " s");
      askJobsToEnd();
    }
    long lastJob = System.nanoTime();
    while (alive > 0 && System.nanoTime() < end && System.nanoTime() - lastJob < REPORT.toNanos()) {
      Pause.millis(100);
      alive = alive();
      if (ProcessHandle.allProcesses().anyMatch(this::isOfAJob)) {
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

  /// Kills every process of every worker and removes their directories.
  void destroyAll(Progress progress) {
    for (WorkerItem item : items()) {
      try {
        provider.destroy(item.workerId(), AGENT_GRACE);
        progress.line("worker " + item.workerId() + " destroyed");
      } catch (ProviderException e) {
        progress.line(e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    provider.close();
  }

  private long alive() {
    return items().stream().filter(WorkerItem::agentAlive).count();
  }

  private List<WorkerItem> items() {
    try {
      return provider.inventory().items();
    } catch (ProviderException e) {
      throw new StandaloneException(e.getMessage(), e);
    }
  }
}
