package io.hodei.api;

import io.hodei.schemas.Job;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A place in a list of jobs or dead letters, newest first. It stays valid whatever is added, changed or removed.
record Cursor(long atMs, String id) implements Comparable<Cursor> {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,18}):(.{1,280})");

  static Cursor of(Job job) {
    Instant submitted = job.getSubmittedAt();
    return new Cursor(submitted == null ? 0 : submitted.toEpochMilli(), job.getId());
  }

  /// @throws io.hodei.kit.Problem.Raised 400 when `text` is none of ours
  static Cursor parse(String text) {
    try {
      Matcher match = SHAPE.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      if (match.matches()) {
        return new Cursor(Long.parseLong(match.group(1)), match.group(2));
      }
    } catch (IllegalArgumentException e) {
      throw Problems.badQuery("cursor", "the nextCursor of an earlier answer", text);
    }
    throw Problems.badQuery("cursor", "the nextCursor of an earlier answer", text);
  }

  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString((atMs + ":" + id).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int compareTo(Cursor other) {
    int byTime = Long.compare(other.atMs, atMs);
    return byTime != 0 ? byTime : other.id.compareTo(id);
  }
}
