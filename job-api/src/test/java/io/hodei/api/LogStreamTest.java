package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Job;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.LogEnd;
import io.hodei.schemas.LogEntry;
import io.hodei.schemas.LogRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogStreamTest {
  private final JobView jobs = new JobView(Given.codec());
  private final FakeLogFeed feed = new FakeLogFeed();
  private volatile boolean stopping;

  @Test
  void anEndedAttemptIsReadBetweenItsOffsets() throws Exception {
    feed.add(other());
    feed.add(batch(1, 1, line(1, "a"), line(2, "b")));
    feed.add(other());
    feed.add(ended(batch(1, 1, line(3, "c")), 3));
    jobs.decided(Given.job("j", "SUCCEEDED").setAttempt(1).setLogRef(List.of(ref(1, 1, 3, 3, true))).build());

    assertEquals("a\nb\nc\n", text(Map.of()));
    assertEquals("{\"end\":true,\"lines\":3,\"complete\":true,\"missing\":[]}", last(Map.of()));
  }

  @Test
  void repetitionsAreDroppedAndGapsAreTold() throws Exception {
    feed.add(batch(1, 1, line(1, "a"), line(2, "b")));
    feed.add(batch(1, 1, line(2, "b"), line(3, "c")));
    feed.add(batch(1, 1, line(6, "f")));
    jobs.decided(Given.job("j", "FAILED").setAttempt(1).setLogRef(List.of(ref(1, 0, 2, 8, false))).build());

    assertEquals("a\nb\nc\nf\n", text(Map.of()));
    assertEquals("{\"end\":true,\"lines\":8,\"complete\":false,\"missing\":[[4,5],[7,8]]}", last(Map.of()));
  }

  @Test
  void attemptsFollowEachOther() throws Exception {
    feed.add(batch(1, 1, line(1, "one")));
    feed.add(ended(batch(2, 2, line(1, "two")), 1));
    jobs.decided(Given.job("j", "SUCCEEDED").setAttempt(2).setLogRef(List.of(ref(1, 0, 0, 1, false), ref(2, 1, 1, 1, true))).build());

    assertEquals("one\ntwo\n", text(Map.of()));
    assertEquals("two\n", text(Map.of("attempt", "2")));
    assertTrue(last(Map.of("attempt", "2")).contains("\"complete\":true"));
    assertTrue(last(Map.of()).contains("\"lines\":2,\"complete\":false"));
  }

  @Test
  void anAttemptWithoutOffsetsIsReadByItsTimes() throws Exception {
    feed.add(batch(1, 1, line(1, "a")));
    LogRef lost = new LogRef(1, -1, -1L, -1L, -1L, -1L, false, Given.NOON, Given.NOON.plusSeconds(1));
    jobs.decided(Given.job("j", "FAILED").setAttempt(1).setLogRef(List.of(lost)).build());

    assertEquals("a\n", text(Map.of()));
    assertEquals("{\"end\":true,\"lines\":1,\"complete\":false,\"missing\":[]}", last(Map.of()));
  }

  @Test
  void anAttemptThatNeverRanHasAnEmptyWholeLog() throws Exception {
    LogRef none = new LogRef(1, -1, -1L, -1L, 0L, 0L, true, null, Given.NOON);
    jobs.decided(Given.job("j", "FAILED").setAttempt(1).setLogRef(List.of(none)).build());

    assertEquals("", text(Map.of("follow", "true")));
    assertEquals("{\"end\":true,\"lines\":0,\"complete\":true,\"missing\":[]}", last(Map.of()));
  }

  @Test
  void aFollowerSeesEverythingFromTheQueueToTheEnd() throws Exception {
    jobs.decided(Given.job("j", "PENDING").build());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thread follower = follow(out);

    jobs.decided(running(1));
    feed.add(batch(1, 1, line(1, "a")));
    feed.awaitRead();
    assertEquals("a\n", out.toString(StandardCharsets.UTF_8));
    jobs.decided(Given.job("j", "PENDING").setAttempt(1).setLogRef(List.of(ref(1, 0, 0, 1, true))).build());
    jobs.decided(Given.job("j", "RUNNING").setAttempt(2).setAssignedAt(Given.NOON).setLogRef(List.of(ref(1, 0, 0, 1, true))).build());
    feed.add(ended(batch(2, 2, line(1, "b")), 1));
    jobs.decided(Given.job("j", "SUCCEEDED").setAttempt(2).setLogRef(List.of(ref(1, 0, 0, 1, true), ref(2, 1, 1, 1, true))).build());
    follower.join();

    assertEquals("a\nb\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aLostWorkerEndsAFollower() throws Exception {
    jobs.decided(running(1));
    feed.add(batch(1, 1, line(1, "a")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thread follower = follow(out);
    feed.awaitRead();
    LogRef lost = new LogRef(1, -1, -1L, -1L, -1L, -1L, false, Given.NOON, Given.NOON);
    jobs.decided(Given.job("j", "FAILED").setAttempt(1).setLogRef(List.of(lost)).build());
    follower.join();

    assertEquals("a\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aJobCancelledInTheQueueHasAnEmptyWholeLog() throws Exception {
    jobs.decided(Given.job("j", "CANCELLED").build());

    assertEquals("{\"end\":true,\"lines\":0,\"complete\":true,\"missing\":[]}", last(Map.of("follow", "")));
  }

  @Test
  void aRunningJobsLogSoFarIsNotComplete() throws Exception {
    jobs.decided(running(1));
    feed.add(batch(1, 1, line(1, "a")));

    assertEquals("a\n", text(Map.of()));
    assertTrue(last(Map.of()).contains("\"complete\":false"));
  }

  @Test
  void filtersAndPages() throws Exception {
    feed.add(ended(batch(1, 1, line(1, "apple"), err(2, "banana"), line(3, "cherry"), line(4, "apple pie")), 4));
    jobs.decided(Given.job("j", "SUCCEEDED").setAttempt(1).setLogRef(List.of(ref(1, 0, 0, 4, true))).build());

    assertEquals("banana\n", text(Map.of("stream", "stderr")));
    assertEquals("apple\napple pie\n", text(Map.of("search", "apple")));
    assertEquals("cherry\napple pie\n", text(Map.of("from", "3")));
    assertEquals("apple\nbanana\n", text(Map.of("limit", "2")));
    assertEquals("{\"end\":true,\"lines\":4,\"complete\":true,\"missing\":[],\"nextAttempt\":1,\"nextFrom\":3}", last(Map.of("limit", "2")));
    assertEquals("cherry\napple pie\n", text(Map.of("limit", "2", "from", "3")));
    assertEquals("{\"end\":true,\"lines\":4,\"complete\":true,\"missing\":[]}", last(Map.of("limit", "2", "from", "3")));
  }

  @Test
  void linesAreJsonWithTheirExactBytes() throws Exception {
    feed.add(batch(1, 1, line(1, "a\"b\r"), partial(2, "half".getBytes(StandardCharsets.UTF_8)), partial(3, new byte[] {(byte) 0xC3}), line(4, "")));
    jobs.decided(Given.job("j", "SUCCEEDED").setAttempt(1).setLogRef(List.of(ref(1, 0, 0, 4, true))).build());

    List<String> lines = json(Map.of());

    assertEquals("{\"seq\":1,\"attempt\":1,\"at\":\"2026-11-21T12:00:00.000Z\",\"stream\":\"stdout\",\"text\":\"a\\\"b\\r\"}", lines.get(0));
    assertTrue(lines.get(1).endsWith("\"text\":\"half\",\"partial\":true}"), lines.get(1));
    assertTrue(lines.get(2).endsWith("\"text\":\"\uFFFD\",\"bytes\":\"ww==\",\"partial\":true}"), lines.get(2));
    assertTrue(lines.get(3).endsWith("\"text\":\"\"}"), lines.get(3));
  }

  @Test
  void aStoppingServiceBreaksTheFollowersOff() throws Exception {
    jobs.decided(running(1));
    stopping = true;
    assertThrows(IllegalStateException.class, () -> text(Map.of("follow", "true")));
    assertTrue(feed.closed);
  }

  private Thread follow(ByteArrayOutputStream out) {
    return Thread.ofVirtual().start(() -> {
      try {
        new LogStream("j", jobs, query(Map.of("follow", "true")), new TextLogSink(out), () -> feed, () -> stopping).run();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  private String text(Map<String, String> query) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogStream("j", jobs, query(query), new TextLogSink(out), () -> feed, () -> stopping).run();
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<String> json(Map<String, String> query) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogStream("j", jobs, query(query), new JsonLogSink(out, false), () -> feed, () -> stopping).run();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private String last(Map<String, String> query) throws Exception {
    return json(query).getLast();
  }

  private static LogQuery query(Map<String, String> values) {
    Map<String, List<String>> all = new java.util.HashMap<>();
    values.forEach((name, value) -> all.put(name, List.of(value)));
    return LogQuery.of(Query.of(all, LogQuery.PARAMETERS), false);
  }

  private static Job running(int attempt) {
    return Given.job("j", "RUNNING").setAttempt(attempt).setAssignedAt(Given.NOON).setStartedAt(Given.NOON).build();
  }

  private static LogRef ref(int attempt, long first, long last, long lines, boolean complete) {
    return new LogRef(attempt, 0, first, last, lines, 10L, complete, Given.NOON, Given.NOON.plusSeconds(1));
  }

  private static LogBatch batch(int attempt, long epoch, LogEntry... entries) {
    return LogBatch.newBuilder().setJobId("j").setWorkerId("w").setAttempt(attempt).setEpoch(epoch).setEntries(List.of(entries)).build();
  }

  private static LogBatch other() {
    return LogBatch.newBuilder().setJobId("other").setAttempt(1).setEntries(List.of(line(1, "not mine"))).build();
  }

  private static LogBatch ended(LogBatch batch, long lines) {
    return LogBatch.newBuilder(batch).setEnd(new LogEnd(lines, 10L, 0L, 0L)).build();
  }

  private static LogEntry line(long seq, String text) {
    return entry(seq, "stdout", false, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static LogEntry err(long seq, String text) {
    return entry(seq, "stderr", false, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static LogEntry partial(long seq, byte[] bytes) {
    return entry(seq, "stdout", true, bytes);
  }

  private static LogEntry entry(long seq, String stream, boolean partial, byte[] bytes) {
    return new LogEntry(seq, Given.NOON, stream, partial, ByteBuffer.wrap(bytes));
  }

  /// A partition in memory. [#awaitRead] returns when the reader has come back for more after reading everything.
  private static final class FakeLogFeed implements LogFeed {
    private final List<LogBatch> records = new ArrayList<>();
    private int position;
    private int idlePolls;
    private volatile boolean closed;

    synchronized void add(LogBatch batch) {
      records.add(batch);
      notifyAll();
    }

    synchronized void awaitRead() throws InterruptedException {
      int seen = idlePolls;
      while (idlePolls == seen || position < records.size()) {
        wait(100);
      }
    }

    @Override
    public synchronized void seek(long offset) {
      position = (int) offset;
    }

    @Override
    public synchronized long offsetAt(Instant time) {
      return time.isAfter(Given.NOON) ? records.size() : 0;
    }

    @Override
    public synchronized List<LogBatch> poll(Duration patience) {
      List<LogBatch> found = new ArrayList<>();
      for (; position < records.size(); position++) {
        if (records.get(position).getJobId().equals("j")) {
          found.add(records.get(position));
        }
      }
      if (found.isEmpty()) {
        idlePolls++;
        notifyAll();
        try {
          wait(10);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return found;
    }

    @Override
    public synchronized long position() {
      return position;
    }

    @Override
    public synchronized long end() {
      return records.size();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
