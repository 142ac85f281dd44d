package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A job's end: its exit code for the caller, and in words.
record Ending(JsonNode job) {
  static boolean isTerminal(JsonNode job) {
    return switch (job.path("state").asText()) {
      case "SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT" -> true;
      default -> false;
    };
  }

  /// The job's own code; 128+n on signal n; 124, 130; 125 when it ended without a code of its own.
  int exitCode() {
    return switch (job.path("state").asText()) {
      case "SUCCEEDED" -> job.path("exitCode").asInt(0);
      case "CANCELLED" -> Failure.CANCELLED;
      case "TIMEOUT" -> Failure.TIMED_OUT;
      default -> failed();
    };
  }

  /// Whether the job's failure has no exit code that its command, a signal or a time limit gave it: 125.
  boolean isWithoutCode() {
    return job.path("state").asText().equals("FAILED") && !isTimeUp()
        && (job.path("reason").asText().equals("WORKER_LOST") || job.path("signal").asInt(0) <= 0 && job.path("exitCode").asInt(0) == 0);
  }

  private int failed() {
    if (isTimeUp()) {
      return Failure.TIMED_OUT;
    }
    if (isWithoutCode()) {
      return Failure.FAILED;
    }
    int signal = job.path("signal").asInt(0);
    return signal > 0 ? 128 + signal : job.path("exitCode").asInt();
  }

  private boolean isTimeUp() {
    String reason = job.path("reason").asText();
    return reason.equals("TIMEOUT") || reason.equals("QUEUE_TIMEOUT");
  }

  /// `FAILED exit 3 · 0.4 s`.
  String words() {
    StringBuilder words = new StringBuilder(job.path("state").asText());
    String reason = job.path("reason").asText("");
    if (job.path("signal").asInt(0) > 0) {
      words.append(" signal ").append(job.path("signal").asInt());
    } else if (job.path("exitCode").asInt(0) != 0) {
      words.append(" exit ").append(job.path("exitCode").asInt());
    }
    if (!reason.isEmpty() && !reason.equals("EXIT_CODE") && !reason.equals("SIGNAL") && !reason.equals(job.path("state").asText())) {
      words.append(' ').append(reason);
    }
    @Nullable Duration ran = ran(job);
    return ran == null ? words.toString() : words.append(" · ").append(Times.span(ran)).toString();
  }

  /// Why it ended badly and what to do; null when there is nothing to say beyond its exit code.
  @Nullable String trouble() {
    String reason = job.path("reason").asText("");
    boolean speaksForItself = (reason.equals("EXIT_CODE") || reason.equals("SIGNAL")) && !isWithoutCode();
    if (!job.path("state").asText().equals("FAILED") || speaksForItself) {
      return null;
    }
    String action = job.path("suggestedAction").asText("");
    return (reason.isEmpty() ? "FAILED" : reason) + ": " + sentence(job.path("message").asText("no message")) + (action.isEmpty() ? "" : " " + action);
  }

  private static String sentence(String text) {
    return text.matches("(?s).*[.!?;:]\\s*") ? text : text + ".";
  }

  static @Nullable Duration ran(JsonNode job) {
    return Times.between(Json.text(job, "startedAt"), Json.text(job, "finishedAt"));
  }
}
