package io.hodei.agent;

/// The agent's own log: one line of `key=value` pairs per event on stderr, which the provider keeps in the scratch
/// directory. Any thread. Never a token, a command or a job's environment.
final class Say {
  private Say() {}

  static void info(String event, Object... pairs) {
    line("INFO", event, pairs);
  }

  static void error(String event, Object... pairs) {
    line("ERROR", event, pairs);
  }

  private static void line(String level, String event, Object... pairs) {
    var line = new StringBuilder(160).append(System.currentTimeMillis()).append(' ').append(level).append(' ').append(event);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.append(' ').append(pairs[i]).append('=').append(oneLine(String.valueOf(pairs[i + 1])));
    }
    System.err.println(line);
  }

  private static String oneLine(String value) {
    var flat = value.replace('\n', ' ').replace('\r', ' ');
    return flat.indexOf(' ') < 0 ? flat : '"' + flat + '"';
  }
}
