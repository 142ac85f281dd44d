package io.hodei.domain;

import io.hodei.domain.Scene.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What can happen in a [Scene].
final class Steps {
  static final AttemptResult SUCCESS = exit(0);

  private Steps() {}

  static AttemptResult exit(int code) {
    return new AttemptResult(JobReason.EXIT_CODE, code == 0 ? null : Category.USER_CODE, code, null, null, null, null);
  }

  static Step submitted(String... ids) {
    return scene -> {
      for (String id : ids) {
        scene.put(Ask.job(id).input(scene.now()));
      }
    };
  }

  static Step submitted(Ask ask) {
    return scene -> scene.put(ask.input(scene.now()));
  }

  static Step cancelled(String id) {
    return scene -> scene.put(new Input.CancelJob(new JobId(id)), "bob");
  }

  static Step told(String worker, WorkerCommand command) {
    return scene -> scene.put(new Input.ForWorker(new WorkerId(worker), command));
  }

  static Step tokenDrawn(String worker) {
    return told(worker, new WorkerCommand.RecordToken("hash-" + worker));
  }

  static Step created(String worker) {
    return scene -> scene.and(tokenDrawn(worker), told(worker, new WorkerCommand.RecordCreation("pid-" + worker)));
  }

  static Step agentCalled(String worker, String boot) {
    return scene -> scene.put(new Input.AgentConnected(new WorkerId(worker), boot));
  }

  /// Made and called.
  static Step connected(String worker) {
    return scene -> scene.and(created(worker), agentCalled(worker, boot(worker)));
  }

  /// The agent asks for the permission to execute.
  static Step startAsked(String worker) {
    return scene -> {
      Binding binding = scene.existing(worker).head().binding();
      scene.put(new Input.AgentStarting(new WorkerId(worker), boot(worker), binding.job(), binding.epoch()));
    };
  }

  /// Made, called, and permitted to execute.
  static Step running(String... workers) {
    return scene -> {
      for (String worker : workers) {
        scene.and(connected(worker), startAsked(worker));
      }
    };
  }

  static Step attemptEnded(String worker, AttemptResult result) {
    return scene -> {
      Binding binding = scene.existing(worker).head().binding();
      scene.put(new Input.AgentEnded(new WorkerId(worker), boot(worker), binding.job(), binding.epoch(), result, null));
    };
  }

  static Step workerDied(String worker) {
    return told(worker, new WorkerCommand.RecordExit("Its agent exited."));
  }

  static Step workerGone(String worker) {
    return scene -> scene.put(new Input.ForWorker(new WorkerId(worker), new WorkerCommand.RecordGone(scene.now())));
  }

  static Step foundClean(String... workers) {
    return scene -> scene.put(new Input.FoundClean(List.of(workers).stream().map(WorkerId::new).toList()));
  }

  static Step orphanFound(String worker) {
    return scene -> scene.put(new Input.OrphanFound(new WorkerId(worker), "process", "p-1"));
  }

  static Step silentAgents(String... workers) {
    return scene -> {
      for (String worker : workers) {
        scene.silent.add(new WorkerId(worker));
      }
    };
  }

  static Step flags(boolean lifecycle, boolean immediate, int percent) {
    return scene -> scene.apply(new Flags(lifecycle, immediate, percent));
  }

  static Step foundEnded(String... workers) {
    return scene -> scene.put(new Input.FoundEnded(List.of(workers).stream().map(WorkerId::new).toList()));
  }

  /// A gateway's report is read: for so long it had not heard of the worker when it wrote that.
  static Step seenSilent(String worker, Duration silence) {
    return scene -> scene.put(new Input.SessionsSeen(Map.of(new WorkerId(worker), silence.toMillis())));
  }

  /// Nobody does anything, and the dispatcher does not tick.
  static Step away(Duration time) {
    return scene -> scene.jump(time);
  }

  static Step noGateway() {
    return scene -> scene.gatewayReports = false;
  }

  static Step aGateway() {
    return scene -> scene.gatewayReports = true;
  }

  static Step noProvider() {
    return scene -> scene.providerReports = false;
  }

  static Step aProvider() {
    return scene -> {
      scene.providerReports = true;
      scene.put(scene.provider());
    };
  }

  static Step passed(Duration time) {
    return scene -> scene.pass(time);
  }

  static Step seconds(long time) {
    return passed(Duration.ofSeconds(time));
  }

  static Step restarted() {
    return Scene::restart;
  }

  static String boot(String worker) {
    return "boot-" + worker;
  }
}
