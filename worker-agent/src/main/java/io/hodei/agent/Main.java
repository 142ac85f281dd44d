package io.hodei.agent;

/// `java … io.hodei.agent.Main <worker-file>`. The main thread; it returns only through [System#exit].
///
/// Exit codes: 0 the work is done, refused or no longer wanted; 1 wrong usage or worker file;
/// 2 the gateway dismissed this agent; 3 out of memory; 4 no gateway for the orphan limit; 70 a bug.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// The same without the exit: what the training run of the AOT cache calls.
  static int run(String[] args) {
    WorkerFile worker;
    try {
      worker = WorkerFile.readAndDelete(args);
    } catch (WorkerFile.Wrong e) {
      Say.error("worker_file_wrong", "message", e.getMessage());
      return 1;
    }
    var tree = new ProcessTree();
    try (var link = new GatewayLink(worker)) {
      var session = new Session(worker, System.getenv(), link, tree);
      Thread.ofPlatform().name("subreaper").daemon().start(() -> tree.adoptOrphans(worker.container()));
      Runtime.getRuntime().addShutdownHook(new Thread(session::end, "end-on-exit"));
      return session.attend();
    }
  }

  /// For the gateway's log; the same for every build of one release.
  static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
