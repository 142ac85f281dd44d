package io.hodei.cli;

import java.util.List;

/// What a command exits with: the one place for [Main], the help and docs/cli.md.
enum Exits {
  PLAIN(code("0", "Done."),
      code("1", "Not done: no Hodei is there, it failed, or it refused what the state of things forbids."),
      code("2", "Wrong usage: the command, its file or its request is wrong, or asks for what is not built yet.")),

  RUN(code("0-255", "The job's own exit code; 126 and 127: its command cannot be run, is not found."),
      code("128+n", "Signal n ended the job."),
      code("124", "The job's timeout or queue timeout was up."),
      code("130", "The job was cancelled: by Ctrl-C or SIGTERM here, or by anybody."),
      code("125", "The job ended without an exit code, or Hodei failed; stderr says why."),
      code("2", "Wrong usage, or a request that Hodei refuses; nothing ran."),
      code("141", "Nobody reads the output any more; the job is cancelled."),
      code("0", "With --detach: accepted.")),

  WAIT(code("0-255", "The job's own exit code; 128+n, 124, 130 and 125 as of run."),
      code("124", "The --timeout was up as well; the job goes on."),
      code("125", "No such job, or Hodei failed, as well."),
      code("2", "Wrong usage.")),

  LOGS(code("0", "Printed, whatever the job's own exit code; with -f, to the job's end."),
      code("1", "Not printed, or not to its end: no such job, no Hodei, or it failed."),
      code("2", "Wrong usage.")),

  STATUS(code("0", "There is an installation, even when it is stopped or a part is dead."),
      code("1", "There is none."),
      code("2", "Wrong usage.")),

  DOCTOR(code("0", "Nothing is missing."),
      code("1", "Something is missing; it is marked."),
      code("2", "Wrong usage.")),

  UP(code("0", "With --detach, or when one runs already: it is ready."),
      code("1", "It did not start, or another is in the way; the reason is told."),
      code("2", "Wrong usage."),
      code("128+n", "Signal n stopped it, in order: 130 on Ctrl-C.")),

  SERVE(code("1", "It did not start; the reason is told."),
      code("2", "Wrong usage, or a configuration that is refused."),
      code("128+n", "Signal n stopped it, in order.")),

  BUILD(code("0", "Built."),
      code("125", "There is no JDK, or the build failed."),
      code("2", "Wrong usage.")),

  CHAOS(code("0", "No promise was broken."),
      code("1", "One was, or the run broke off; the data directory is kept."),
      code("125", "There is no JDK, or the build failed."),
      code("2", "Wrong usage.")),

  SIMULATE(code("0", "No promise was broken."),
      code("1", "One was; the seed, the step and the promise are told."),
      code("125", "There is no JDK, or the build failed."),
      code("2", "Wrong usage.")),

  MUTATE(code("0", "No more goes unnoticed than docs/survivors.md lists."),
      code("1", "More does; it is told."),
      code("125", "There is no JDK, or the build failed."),
      code("2", "Wrong usage.")),

  TEST(code("0", "All passed."),
      code("1", "Maven's: something failed."),
      code("125", "There is no JDK."),
      code("2", "Wrong usage."));

  /// The command could not do it.
  private static final int NOT_DONE = 1;

  /// One code, or a family of them, and what it tells.
  record Code(String code, String meaning) {}

  private final List<Code> codes;

  Exits(Code... codes) {
    this.codes = List.of(codes);
  }

  private static Code code(String code, String meaning) {
    return new Code(code, meaning);
  }

  List<Code> codes() {
    return codes;
  }

  /// With what a failure ends this command: 125 tells a failure of Hodei from one of the job, and is for those that exit as a job does.
  int of(Failure failure) {
    boolean asAJob = this == RUN || this == WAIT;
    return failure.exitCode() == Failure.FAILED && !asAJob ? NOT_DONE : failure.exitCode();
  }
}
