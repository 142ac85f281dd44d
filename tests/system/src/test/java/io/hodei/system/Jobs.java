package io.hodei.system;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Job requests as JSON.
final class Jobs {
  private Jobs() {}

  /// `{"command":[…], more}`; `more` is JSON members without braces, or empty.
  static String command(String more, String... command) {
    String argv = Arrays.stream(command).map(Jobs::quoted).collect(Collectors.joining(","));
    return "{\"command\":[" + argv + "]" + (more.isEmpty() ? "" : "," + more) + "}";
  }

  static String sh(String script) {
    return command("", "sh", "-c", script);
  }

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
