package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts an agent in the directory that was claimed for it. Runs on the caller's thread. Promise: the agent's token is
/// in a file that only its owner can read, and in no argument and no environment.
final class AgentStart {
  private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG");

  private final ProcessSite site;
  private final AgentLaunch launch;
  private final LimitMarking marking;
  private final ScratchDirectories directories;

  AgentStart(ProcessSite site, AgentLaunch launch, LimitMarking marking, ScratchDirectories directories) {
    this.site = site;
    this.launch = launch;
    this.marking = marking;
    this.directories = directories;
  }

  Process run(WorkerLaunch worker) throws IOException, ProviderException {
    String id = worker.workerId();
    Path file = directories.workerFile(id);
    Path scratch = Files.createDirectory(directories.of(id).resolve("scratch"));
    ScratchDirectories.write(file, String.join("\n",
        "workerId=" + id,
        "installationId=" + site.installationId(),
        "gateway=" + worker.gateway(),
        "token=" + worker.token(),
        "scratch=" + scratch) + "\n");
    List<String> command = launch.command(file);
    ProcessBuilder agent = new ProcessBuilder(marking.on(new WorkerMark(site.installationId(), id), command))
        .directory(directories.of(id).toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directories.agentLog(id).toFile()));
    setEnvironment(agent.environment(), id);
    try {
      return agent.start();
    } catch (IOException e) {
      throw new ProviderException(Reason.START_FAILED,
          "Expected to run " + command.getFirst() + " for worker " + id + ", but: " + e.getMessage(), e);
    }
  }

  private void setEnvironment(Map<String, String> environment, String id) {
    Map<String, String> ours = new HashMap<>(environment);
    environment.clear();
    for (String name : INHERITED) {
      String value = ours.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    // The JVM takes the encoding of arguments from the locale alone; the agent does not pass this on to its job.
    environment.put("LC_ALL", "C.UTF-8");
    environment.put(WorkerMark.WORKER_VARIABLE, id);
    environment.put(WorkerMark.INSTALLATION_VARIABLE, site.installationId());
  }
}
