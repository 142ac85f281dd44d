package io.hodei.dispatcher;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.Directive;
import io.hodei.schemas.SessionSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The agents that attend this gateway, by worker id, with their last beat. A session outlives its stream: a cut stream is normal. Thread-safe.
final class Sessions {
  /// A gap between two looks that is longer than this means that we were away, not the agents.
  private static final long AWAY_NANOS = 3_000_000_000L;

  private static final class Session {
    private final String bootId;
    private volatile long lastBeatNanos;
    private @Nullable StreamObserver<Directive> stream;

    Session(String bootId, long now) {
      this.bootId = bootId;
      this.lastBeatNanos = now;
    }
  }

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private long lastLookNanos;

  /// @param nanos a monotonic clock
  Sessions(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastLookNanos = nanos.getAsLong();
  }

  /// Opens or resumes the session of a worker; false when another boot holds it. The new stream replaces the old one.
  boolean attend(String workerId, String bootId, StreamObserver<Directive> stream) {
    Session session = sessions.computeIfAbsent(workerId, id -> new Session(bootId, nanos.getAsLong()));
    if (!session.bootId.equals(bootId)) {
      return false;
    }
    synchronized (session) {
      if (session.stream != null && session.stream != stream) {
        finish(session.stream, null);
      }
      session.stream = stream;
      session.lastBeatNanos = nanos.getAsLong();
    }
    return true;
  }

  /// A sign of life; a session unknown here (we were restarted) is opened by it. False when another boot holds it.
  boolean beat(String workerId, String bootId) {
    Session session = sessions.computeIfAbsent(workerId, id -> new Session(bootId, nanos.getAsLong()));
    if (!session.bootId.equals(bootId)) {
      return false;
    }
    session.lastBeatNanos = nanos.getAsLong();
    return true;
  }

  /// Sends a directive, when the worker has a stream here.
  void tell(String workerId, Directive directive) {
    Session session = sessions.get(workerId);
    if (session != null) {
      synchronized (session) {
        if (session.stream != null) {
          try {
            session.stream.onNext(directive);
          } catch (RuntimeException e) {
            session.stream = null;
          }
        }
      }
    }
  }

  /// Ends the session.
  void close(String workerId, @Nullable Status status) {
    Session session = sessions.remove(workerId);
    if (session != null) {
      synchronized (session) {
        if (session.stream != null) {
          finish(session.stream, status);
          session.stream = null;
        }
      }
    }
  }

  /// Ends it when this boot holds it.
  void refuse(String workerId, String bootId) {
    Session session = sessions.get(workerId);
    if (session != null && session.bootId.equals(bootId)) {
      close(workerId, Status.UNAUTHENTICATED.withDescription("This worker is bound to another agent."));
    }
  }

  /// Every session with the time since its last beat; when we ourselves were away since the last look, everybody starts anew.
  List<SessionSeen> look() {
    long now = nanos.getAsLong();
    boolean away = now - lastLookNanos > AWAY_NANOS;
    lastLookNanos = now;
    List<SessionSeen> seen = new ArrayList<>();
    sessions.forEach((worker, session) -> {
      if (away) {
        session.lastBeatNanos = now;
      }
      seen.add(new SessionSeen(worker, Math.max(0, now - session.lastBeatNanos) / 1_000_000));
    });
    return seen;
  }

  void closeAll() {
    sessions.keySet().forEach(worker -> close(worker, Status.UNAVAILABLE.withDescription("The gateway stops.")));
  }

  private static void finish(StreamObserver<Directive> stream, @Nullable Status status) {
    try {
      if (status == null) {
        stream.onCompleted();
      } else {
        stream.onError(status.asRuntimeException());
      }
    } catch (RuntimeException e) {
      // The stream was cut before; there is nobody to tell.
    }
  }
}
