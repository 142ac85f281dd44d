package io.hodei.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What can befall a world. Each world draws which of these it knows.
enum Trouble {
  DISPATCHER_DIES, THREAD_DIES, DISPATCHER_IS_A_ZOMBIE, GATEWAY_FREEZES, LIFECYCLE_DIES, LIFECYCLE_FREEZES, GC_DIES, BROKER_IS_AWAY, EVERYTHING_IS_AWAY,
  AGENT_DIES, AGENT_FREEZES, AGENT_IS_CUT_OFF, AGENT_IS_RESTARTED, WORKER_VANISHES, STRAY, PROVIDER_IS_AWAY,
  DRAIN, DESTROY, POOL_CHANGES, FLAGS_CHANGE,
  /// The ones that are there all the time.
  SLOW_PROVIDER, FAILING_PROVIDER, LOST_ANSWERS, BROKEN_LISTINGS, STALE_LISTINGS, LOST_CALLS, REPEATS, DELAYS, SKEW, CANCELS,
  /// Only where lives are long: whatever is ours on a host is killed, lifecycle-service and agents; the jobs go on.
  HOST_LOSES_OURS,
  /// Only in orderly worlds: somebody who has not the token of a worker says that he is its agent.
  INTRUDER;

  /// They befall one worker.
  static final Set<Trouble> OF_ONE = Collections.unmodifiableSet(EnumSet.of(AGENT_DIES, AGENT_FREEZES, AGENT_IS_CUT_OFF, AGENT_IS_RESTARTED, WORKER_VANISHES,
      DRAIN, DESTROY));
  static final Set<Trouble> ALL_THE_TIME = Collections.unmodifiableSet(EnumSet.range(SLOW_PROVIDER, CANCELS));

  /// What any world may know.
  static final Set<Trouble> ANYWHERE = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(HOST_LOSES_OURS, INTRUDER)));

  /// What an orderly world may know: all parts work, and whatever happens befalls one worker or is somebody's wish.
  static final Set<Trouble> ORDERLY = Collections.unmodifiableSet(EnumSet.of(AGENT_DIES, AGENT_FREEZES, AGENT_IS_CUT_OFF, AGENT_IS_RESTARTED, WORKER_VANISHES,
      STRAY, DRAIN, DESTROY, POOL_CHANGES, FLAGS_CHANGE, CANCELS));
  /// The rarer ones of these: they excuse much.
  static final Set<Trouble> RARE = Collections.unmodifiableSet(EnumSet.of(POOL_CHANGES, FLAGS_CHANGE));
}
