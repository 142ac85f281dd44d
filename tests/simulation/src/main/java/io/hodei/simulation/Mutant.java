package io.hodei.simulation;

/// What is broken on purpose, to see that a checker notices. Each is one mistake that somebody could make.
enum Mutant {
  EPOCH_IGNORED("What an agent tells of an old assignment is taken for the current one of its job."),
  SECOND_OFFER("An offer goes to a second worker as well."),
  TIMER_DROPPED("The deadline of a worker whose agent never calls is dropped."),
  START_NOT_AWAITED("An agent executes without waiting for the answer to its JobStarting."),
  RETRY_UNPROVED("The death of the agent counts as the death of the attempt."),
  CANCEL_FORGOTTEN("A cancellation after the start is forgotten."),
  CANCELLED_STARTS("What was cancelled before its start is started all the same."),
  CAPACITY_OFF_BY_ONE("A pool makes one worker more than it has slots."),
  LEASE_AT_TAKEOVER("A dispatcher that takes over counts its own absence as the agents' silence."),
  LEASE_TOO_SHORT("A worker is lost when its agent misses a single beat."),
  GC_KILLS_BUSY("Garbage collection takes busy workers for ended ones."),
  GC_STALE_TABLE("Garbage collection judges by a table that it has not read to the end."),
  PART_FOR_THE_WHOLE("A listing that broke off counts as complete."),
  LEDGER_FORGETS("Ids are forgotten at the end of their job."),
  KEY_FORGOTTEN("Keys are forgotten at once."),
  PARK_FORGOTTEN("A cancellation that comes before its job is dropped."),
  DESTROY_OVERTAKEN("A destruction that overtakes its creation does not win."),
  GONE_UNSEEN("A destruction that failed is told as done."),
  RETRY_PAST_LIMIT("A failed attempt is followed by another beyond maxAttempts."),
  ZOMBIE_NOT_FENCED("A dispatcher that was declared dead goes on writing."),
  BOOT_IGNORED("Any agent with the token is taken for the one that the worker is bound to."),
  NO_CONTACT_SHORT("Silence of agent and provider proves an attempt dead at once, and agents do not mind."),
  SILENCE_PROVES("Silence of agent and provider proves an attempt dead that may have outlived its agent."),
  SUCCESS_RETRIED("An attempt that succeeded is followed by another."),
  FAILURE_SUCCEEDS("A job whose command failed is told as succeeded."),
  OFFSET_BEFORE_WORK("What was read and not decided when the dispatcher died is not read again."),
  ROW_FORGOTTEN("The row of a running job is not written."),
  RESTORE_CUT_SHORT("A dispatcher that takes over has not read the changelog to its end."),
  GIVEN_UP_EARLY("A job is not tried again after its worker was lost, though it may be."),
  SWITCH_IGNORED("Workers are destroyed while the lifecycle is switched off."),
  UNKNOWN_WORD("A part gives a reason that the dispatcher does not know."),
  RULE_THROWS("A decision throws where it should refuse."),
  LEASE_NEVER("No worker is lost for the silence of its agent."),
  EXIT_IGNORED("What lifecycle-service tells of an agent's death is not minded."),
  OFFER_UNTOLD("No agent is told what it is to run."),
  CANCEL_UNTOLD("No agent is told that what it runs is cancelled."),
  TIMEOUT_UNTOLD("Agents are given ten times the timeout of their attempt."),
  BACKOFF_IGNORED("The next attempt does not wait for its backoff."),
  BACKOFF_TOO_LONG("The next attempt waits for a minute more than its backoff."),
  PRIORITY_REVERSED("Who has the lowest priority is taken first."),
  QUEUE_TIMEOUT_LATE("A job waits for a minute more than its queueTimeout."),
  MAX_JOBS_IGNORED("A reusable worker takes more jobs than its pool allows."),
  LIFETIME_IGNORED("A reusable worker takes jobs after its pool's maxLifetime."),
  IDLE_FOR_EVER("An idle worker does not go."),
  KEEP_IGNORED("A worker whose job failed goes at once, whatever its pool says."),
  KEPT_TOO_LONG("A worker that is kept for somebody to look at is kept for a minute more than its pool says."),
  SLOT_UNUSED("A pool makes one worker less than it has slots."),
  DRAIN_IGNORED("A worker that is drained goes on taking jobs."),
  DESTROY_ONCE("A destruction that has failed is not asked for again."),
  CANARY_IGNORED("Every end of an attempt destroys its worker at once, whatever the flags say."),
  CLEANUP_HELD("No end of an attempt destroys its worker at once."),
  RELEASE_FORGOTTEN("The worker of a job that was cancelled before its start waits for it."),
  GC_SELDOM("Garbage collection looks every two minutes."),
  ANY_TOKEN("The gateway takes any token for the worker's.");

  private final String what;

  Mutant(String what) {
    this.what = what;
  }

  String what() {
    return what;
  }
}
