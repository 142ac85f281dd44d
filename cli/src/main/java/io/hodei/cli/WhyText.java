package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/// The answer of `why` as a person would say it.
final class WhyText {
  private WhyText() {}

  static String of(String id, JsonNode why, Instant now) {
    StringBuilder text = new StringBuilder("Job ").append(id).append(" is ").append(why.path("state").asText("unknown"));
    Instant since = Times.instant(Json.text(why, "since"));
    if (since != null) {
      text.append(" since ").append(Times.span(Duration.between(since, now)));
    }
    String waitingFor = Json.text(why, "waitingFor");
    if (waitingFor != null && !waitingFor.equals("nothing")) {
      text.append(", waiting for: ").append(waitingFor);
    }
    text.append(".\n").append(Table.visible(why.path("message").asText("The server gave no reason.")));
    if (why.hasNonNull("queuePosition")) {
      text.append("\nPosition in the queue: ").append(why.path("queuePosition").asInt()).append(" (")
          .append(why.path("ahead").asInt(0)).append(" ahead).");
    }
    Instant deadline = Times.instant(Json.text(why, "deadline"));
    if (deadline != null) {
      Duration left = Duration.between(now, deadline);
      text.append("\nDeadline: ").append(deadline).append(left.isNegative() ? ", which has passed." : ", in " + Times.span(left) + ".");
    }
    String action = Json.text(why, "suggestedAction");
    return action == null ? text.toString() : text.append("\nTo do: ").append(Table.visible(action)).toString();
  }
}
