package io.hodei.cli;

import static io.hodei.cli.Shape.flag;
import static io.hodei.cli.Shape.many;
import static io.hodei.cli.Shape.operand;
import static io.hodei.cli.Shape.operands;
import static io.hodei.cli.Shape.text;
import static io.hodei.cli.Shape.words;

import java.util.List;

/// Every command, in the order of the help.
final class CommandTable {
  private static final String JOB = "An id, the beginning of one, or @last.";
  private static final String WORKER = "An id, or the beginning of one.";

  private static final Shape[] LIST = {
    many("--state", "STATE", "PENDING, SCHEDULED, ASSIGNED, RUNNING, SUCCEEDED, FAILED, CANCELLED or TIMEOUT."),
    text("--pool", "POOL", "Jobs of this pool."), text("--tenant", "TENANT", "Jobs of this tenant."),
    many("--label", "K=V", "Jobs with this label; repeatable."), text("--correlation", "ID", "Jobs of this correlation id."),
    text("--limit", "N", "At most so many; 50 unless given, 1000 at most."), text("--cursor", "C", "The nextCursor of an earlier answer.")};

  private static final Verb[] JOB_VERBS = {
    Verb.of("list", "List jobs, newest first.", JobVerbs::list, LIST),
    Verb.of("get", "Show a job.", JobVerbs::get, operand("JOB", JOB)),
    Verb.of("wait", "Wait for a job's end; exits with its code, as run does.", JobVerbs::await, operand("JOB", JOB),
        text("--timeout", "T", "Give up after this long, with exit code 124.")).exiting(Exits.WAIT),
    Verb.of("cancel", "Cancel a job; nothing of it runs or starts afterwards.", JobVerbs::cancel, operand("JOB", JOB)),
    Verb.of("retry", "Submit a job that has ended once more.", JobVerbs::retry, operand("JOB", JOB)),
    Verb.of("logs", "Print a job's log, stdout and stderr as they came.", LogVerb::run, operand("JOB", JOB), flag("Follow until the job ends.", "-f", "--follow"),
        text("--stream", "S", "stdout or stderr only."), text("--attempt", "N", "This attempt only."),
        text("--from", "N", "From this line on."), text("--limit", "N", "At most so many lines."), text("--search", "TEXT", "Lines with this text."))
        .exiting(Exits.LOGS),
    Verb.of("events", "Show a job's timeline.", JobVerbs::events, operand("JOB", JOB)),
    Verb.of("why", "Say what a job waits for.", JobVerbs::why, operand("JOB", JOB))};

  private static final Shape[] RUN = {
    words("CMD ARG…", "The command, after --."), flag("Print the id and return at once.", "-d", "--detach"),
    text("--pool", "POOL", "The pool; default unless given."), text("--image", "IMAGE", "The container image."),
    many("--env", "K=V", "A variable of the job; K alone takes the value from here."), many("--secret", "NAME", "A secret of the job."),
    text("--timeout", "T", "Longest run of one attempt: 500ms, 30s, 10m, 1h."), text("--queue-timeout", "T", "Longest wait in the queue."),
    text("--cpu", "CPU", "500m, or 2."), text("--memory", "SIZE", "256Mi."), text("--gpu", "N", "Number of GPUs."),
    text("--max-attempts", "N", "Attempts in all; 1 unless given."), text("--backoff", "T", "Wait before attempt 2; doubles."),
    text("--priority", "N", "Higher first; 0 unless given."), many("--label", "K=V", "A label; repeatable."),
    text("--workdir", "DIR", "Where the command runs; this directory when Hodei runs its jobs as processes of this machine."), text("--name", "NAME", "A name for people."),
    text("--tenant", "TENANT", "The tenant."), text("--id", "ID", "The job's id; the same id and request are the same job."),
    text("--idempotency-key", "KEY", "The same key and request are the same job."),
    text("--correlation-id", "ID", "Joins what belongs together in events and audit.")};

  private static final Shape DATA = text("--data", "DIR", "The data directory; .hodei in the checkout, else ~/.hodei, unless given.");
  private static final Shape[] UP = {
    text("--provider", "NAME", "Where the jobs of pool default run: process (as you: trusted ones only), docker (in containers of images that the jobs name) or kubernetes (in pods of them). Default: as the last time, else process."), DATA,
    text("--port", "N", "Port of the API; 8080, or a free one, unless given."), flag("Return when it is ready.", "--detach"),
    flag("Each part its own process.", "--separate")};

  static final List<Verb> VERBS = List.of(
      Verb.ofScript("up", "Start everything on this machine.", UP).exiting(Exits.UP),
      Verb.ofScript("down", "Stop it.", DATA, flag("Remove the data directory as well.", "--purge")),
      Verb.of("status", "Show what runs on this machine.", LocalStatus::run).exiting(Exits.STATUS),
      Verb.of("doctor", "Show what this machine lacks, and how to mend it.", LocalDoctor::run).exiting(Exits.DOCTOR),
      Verb.ofScript("serve", "Run one service.", operand("SERVICE", "job-api, dispatcher, lifecycle-service, gc-service or audit-service."),
          text("--config", "FILE", "Its hodei.yaml; the environment and the defaults alone unless given.")).exiting(Exits.SERVE),
      Verb.of("run", "Run a command as a job: its output, its exit code.", RunVerb::run, RUN).exiting(Exits.RUN),
      Verb.of("submit", "Submit one job or many: JSON, JSON lines, YAML.", SubmitVerb::run, operand("FILE", "A file, or - for stdin."),
          text("--idempotency-key", "KEY", "The same key and file are the same jobs.")),
      Verb.of("jobs", "Jobs: list, get, wait, cancel, retry, logs, events, why (also without jobs).", JobVerbs::list, LIST).over(JOB_VERBS),
      JOB_VERBS[0], JOB_VERBS[1], JOB_VERBS[2], JOB_VERBS[3], JOB_VERBS[4], JOB_VERBS[5], JOB_VERBS[6], JOB_VERBS[7],
      workers(), pools(),
      Verb.of("audit", "Find events in the audit.", AuditVerb::run, text("--correlation", "ID", "Of this correlation id."),
          text("--type", "T", "Of this type, as JobCompleted."), text("--actor", "A", "Of this actor."), text("--job", "ID", "Of this job."),
          text("--worker", "ID", "Of this worker."), text("--since", "T", "From this time on, or so long ago: 10m."),
          text("--until", "T", "Up to this time, or so long ago."), text("--limit", "N", "At most so many; 100 unless given."),
          text("--cursor", "C", "The nextCursor of an earlier answer."))
          .over(Verb.notBuilt("verify", "audit verify")),
      Verb.of("cleanup", "Show the Worker Cleanup Health board.", CleanupVerb::run),
      Verb.of("gc", "Garbage collection: run.", needsVerb("gc", "run")).over(Verb.of("run", "Run a GC cycle now; show its findings.", GcVerb::run)),
      letters(),
      Verb.of("completion", "Print the completion of a shell.", CompletionVerb::run, operand("SHELL", "bash or zsh.")),
      Verb.of("flags", "Run-time flags: get, set.", FlagVerbs::get).over(
          Verb.of("get", "Show the flags.", FlagVerbs::get),
          Verb.of("set", "Change flags; returns when they are in force.", FlagVerbs::set, operands("NAME=VALUE…", "As hodei.lifecycle.enabled=false."))),
      Verb.ofScript("build", "Build this checkout.").exiting(Exits.BUILD),
      Verb.ofScript("test", "Test this checkout: all, one module, or one test class.", operand("[NAME]", "A module, or a test class.")).exiting(Exits.TEST),
      Verb.ofScript("docs", "Write the generated pages of this checkout anew."),
      Verb.ofScript("chaos", "Do to a Hodei of its own what may happen, under load; then judge it. Of this checkout.",
          text("--minutes", "N", "How long the load lasts; 2 unless given."), text("--seed", "S", "The same seed plans the same faults and jobs."),
          text("--data", "DIR", "A new or empty directory for the run; a temporary one unless given."),
          text("--report", "FILE", "Write the tables as Markdown, too.")).exiting(Exits.CHAOS),
      Verb.ofScript("simulate", "Let the real decisions live in simulated worlds in which everything fails; judge them. Of this checkout.",
          text("--seeds", "N", "How many worlds; 1000 unless given."), text("--from", "S", "The seed of the first; 1 unless given."),
          text("--seed", "S", "One world; the same seed is the same world."), flag("With --seed: everything that happens in it.", "--trace"),
          text("--mutant", "NAME", "With a mistake on purpose.")).exiting(Exits.SIMULATE),
      Verb.ofScript("mutate", "Break the heart's code in small ways, one at a time; see whether its tests notice. Of this checkout.").exiting(Exits.MUTATE),
      Verb.notBuilt("bench", "bench"));

  private CommandTable() {}

  private static Verb workers() {
    Shape[] list = {many("--state", "STATE", "CREATING, CONNECTING, READY, BUSY, DRAINING, TERMINATING or TERMINATED."),
      text("--pool", "POOL", "Workers of this pool."), text("--provider", "TYPE", "Workers of this provider."), text("--job", "ID", "The worker of this job."),
      text("--limit", "N", "At most so many; 1000 unless given, 1000 at most."), text("--cursor", "C", "The nextCursor of an earlier answer.")};
    return Verb.of("workers", "Workers: list, get, drain, destroy, stats.", WorkerVerbs::list, list).over(
        Verb.of("list", "List workers, newest first.", WorkerVerbs::list, list),
        Verb.of("get", "Show a worker.", WorkerVerbs::get, operand("WORKER", WORKER)),
        Verb.of("drain", "Let a worker finish, and give it no more jobs.", WorkerVerbs::drain, operand("WORKER", WORKER)),
        Verb.of("destroy", "Destroy a worker now.", WorkerVerbs::destroy, operand("WORKER", WORKER)),
        Verb.of("stats", "Count workers.", WorkerVerbs::stats));
  }

  private static Verb pools() {
    return Verb.of("pools", "Pools: list, get, apply.", PoolVerbs::list).over(
        Verb.of("list", "List pools.", PoolVerbs::list),
        Verb.of("get", "Show a pool.", PoolVerbs::get, operand("NAME", "The pool's name.")),
        Verb.of("apply", "Make or replace pools; returns when they are in force.", PoolVerbs::apply,
            new Shape.Option(List.of("-f", "--file"), "FILE", "Pools as YAML or JSON, one or many; - for stdin.", false)));
  }

  private static Verb letters() {
    Shape[] list = {text("--topic", "TOPIC", "Letters of this topic's records."), text("--limit", "N", "At most so many; 50 unless given, 1000 at most."),
      text("--cursor", "C", "The nextCursor of an earlier answer.")};
    String id = "TOPIC-PARTITION-OFFSET, as in the list.";
    return Verb.of("dlq", "Records that could not be read: list, show, replay, drop.", LetterVerbs::list, list).over(
        Verb.of("list", "List dead letters, newest first.", LetterVerbs::list, list),
        Verb.of("show", "Show a dead letter with its bytes.", LetterVerbs::show, operand("ID", id)),
        Verb.of("replay", "Send a dead job request again, once.", LetterVerbs::replay, operand("ID", id)),
        Verb.of("drop", "Drop a dead letter.", LetterVerbs::drop, operand("ID", id)));
  }

  private static Verb.Action needsVerb(String group, String verbs) {
    return call -> {
      throw Failure.usage("Expected hodei " + group + " " + verbs + ", but found hodei " + group + " alone");
    };
  }
}
