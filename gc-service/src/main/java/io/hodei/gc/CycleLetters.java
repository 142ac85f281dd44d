package io.hodei.gc;

import io.hodei.kit.Json;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.GcEvent;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a cycle has to say: its events, and its reports to the dispatcher. No state.
final class CycleLetters {
  /// Key of what concerns every provider instance.
  static final String ALL = "all";
  /// Worker ids in one FoundClean or FoundEnded.
  static final int IDS_PER_REPORT = 500;
  private static final String ACTOR = "gc-service";

  private CycleLetters() {}

  /// The cycle begins, and everyone is asked to list what there is.
  static List<Letter> opening(String cycleId, String cause, Instant at) {
    ControlCommand look = ControlCommand.newBuilder().setType("TakeInventory").setCommandId(Uuid7.next()).setAt(at)
        .setActor(ACTOR).setCorrelationId(cycleId).setReason(cause).build();
    return List.of(
        new Letter(Topic.GC_EVENTS, ALL, event("GarbageCollectionStarted", cycleId, cause, at).build()),
        new Letter(Topic.CONTROL, ALL, look));
  }

  /// The cycle's findings and its end.
  ///
  /// @param orphanedFor how long gc has known an orphan
  static List<Letter> closing(CycleResult result, String cause, Instant at, Function<Finding.Orphan, Duration> orphanedFor) {
    List<Letter> records = new ArrayList<>();
    List<String> clean = new ArrayList<>();
    List<String> ended = new ArrayList<>();
    for (Finding finding : result.findings()) {
      switch (finding) {
        case Finding.Orphan orphan -> addOrphan(records, result.cycleId(), cause, at, orphan, orphanedFor.apply(orphan));
        case Finding.Ghost ghost -> addGhost(records, result.cycleId(), cause, at, ghost);
        case Finding.Ended each -> ended.add(each.workerId());
        case Finding.Clean each -> clean.add(each.workerId());
        case Finding.Unjudged unjudged -> { }
      }
    }
    addIds(records, "FoundEnded", ended, at);
    addIds(records, "FoundClean", clean, at);
    records.add(new Letter(Topic.GC_EVENTS, ALL, completed(result, cause, at)));
    return records;
  }

  private static void addIds(List<Letter> records, String type, List<String> ids, Instant at) {
    for (int from = 0; from < ids.size(); from += IDS_PER_REPORT) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_PER_REPORT));
      records.add(new Letter(Topic.WORKER_REPORTS, some.getFirst(), report(type, at).setWorkerIds(List.copyOf(some)).build()));
    }
  }

  private static void addOrphan(List<Letter> records, String cycleId, String cause, Instant at, Finding.Orphan orphan, Duration age) {
    records.add(new Letter(Topic.GC_EVENTS, orphan.providerId(), event("OrphanWorkerDetected", cycleId, cause, at)
        .setWorkerId(orphan.workerId()).setProviderId(orphan.providerId()).setProviderRef(orphan.providerRef())
        .setLastSeen(orphan.lastSeen()).setOrphanedDurationMs(age.toMillis()).setMessage(orphan.detail()).build()));
    records.add(new Letter(Topic.WORKER_REPORTS, orphan.workerId(), report("OrphanFound", at).setWorkerId(orphan.workerId())
        .setProvider(orphan.provider()).setProviderId(orphan.providerId()).setProviderRef(orphan.providerRef())
        .setMessage(orphan.detail()).build()));
  }

  private static void addGhost(List<Letter> records, String cycleId, String cause, Instant at, Finding.Ghost ghost) {
    WorkerRow row = ghost.row();
    records.add(new Letter(Topic.GC_EVENTS, row.providerId(), event("GhostWorkerDetected", cycleId, cause, at)
        .setWorkerId(row.id()).setJobId(row.jobId()).setPool(row.pool()).setProviderId(row.providerId())
        .setProviderRef(row.providerRef()).setFromState(row.state()).setMessage(ghost.detail()).build()));
    records.add(new Letter(Topic.WORKER_REPORTS, row.id(), report("GhostFound", at).setWorkerId(row.id())
        .setProvider(row.provider()).setProviderId(row.providerId()).setProviderRef(row.providerRef())
        .setObservedSequence(row.sequence()).setMessage(ghost.detail()).build()));
  }

  private static GcEvent completed(CycleResult result, String cause, Instant at) {
    return event("GarbageCollectionCompleted", result.cycleId(), cause, at)
        .setInventory(result.inventory()).setMatched(result.matched()).setWorkersCleaned(result.cleaned())
        .setOrphansDetected(result.orphans()).setGhosts(result.ghosts()).setErrors(result.errors())
        .setDurationMs(result.durationMs()).setTableRows(result.tableRows())
        .setOffsets(Json.text(result.offsets())).setSnapshots(Json.text(result.snapshots()))
        .setMessage(result.errors() == 0 ? null : firstError(result)).build();
  }

  private static String firstError(CycleResult result) {
    return result.findings().stream().filter(Finding.Unjudged.class::isInstance).findFirst()
        .map(error -> error.providerId().isEmpty() ? error.detail() : error.providerId() + ": " + error.detail()).orElse("");
  }

  private static GcEvent.Builder event(String type, String cycleId, String cause, Instant at) {
    return GcEvent.newBuilder().setType(type).setEventId(Uuid7.next()).setOccurredAt(at).setCorrelationId(cycleId)
        .setCausationId(cause).setActor(ACTOR).setCycleId(cycleId);
  }

  private static WorkerReport.Builder report(String type, Instant at) {
    return WorkerReport.newBuilder().setType(type).setReportId(Uuid7.next()).setAt(at).setReporter(ACTOR);
  }
}
