package io.hodei.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One command as it was typed, with what it works on. Used by the main thread.
final class Call {
  private static final long MOST = 1000;

  private final Arguments arguments;
  private final Surroundings world;
  private @Nullable Api api;

  Call(Arguments arguments, Surroundings world) {
    this.arguments = arguments;
    this.world = world;
  }

  Surroundings world() {
    return world;
  }

  boolean flag(String name) {
    return arguments.values().containsKey(name);
  }

  @Nullable String text(String name) {
    return arguments.text(name);
  }

  List<String> texts(String name) {
    return arguments.texts(name);
  }

  /// A whole number; null when it was not given.
  @Nullable Long number(String name) {
    String text = text(name);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw Failure.usage("Expected a whole number for " + name + ", but found \"" + text + "\"");
    }
  }

  /// How many are asked for; null when it was not given. What no server would take is found without one.
  @Nullable Long limit() {
    Long limit = number("--limit");
    if (limit != null && (limit < 1 || limit > MOST)) {
      throw Failure.usage("Expected a whole number from 1 to " + MOST + " for --limit, but found \"" + limit + "\"");
    }
    return limit;
  }

  /// The one positional parameter.
  String operand() {
    return arguments.operands().getFirst();
  }

  /// The words of a command.
  List<String> words() {
    return arguments.operands();
  }

  /// Whether the answer is for programs.
  boolean json() {
    String format = text("--output");
    if (format != null && !format.equals("json") && !format.equals("table")) {
      throw Failure.usage("Expected -o table or -o json, but found \"" + format + "\"");
    }
    return "json".equals(format);
  }

  @Nullable Path data() {
    String given = text("--data");
    return given == null ? null : Path.of(given);
  }

  /// The data directory that is meant, absolute.
  Path directory() {
    Path given = data();
    return world.directory().resolve(given == null ? world.defaultData() : given).toAbsolutePath().normalize();
  }

  /// The server's calls; finds it at the first use.
  Api api() {
    Api known = api;
    if (known == null) {
      known = new Api(Server.find(world, data()), headers());
      api = known;
    }
    return known;
  }

  /// Looks for the server again.
  Api freshApi() {
    api = null;
    return api();
  }

  private static Map<String, String> headers() {
    String user = System.getProperty("user.name", "");
    boolean fit = !user.isEmpty() && user.length() < 200 && user.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    return fit ? Map.of("X-Actor", user) : Map.of();
  }

  JobIds ids() {
    return new JobIds(api(), world);
  }

  /// Writes to stdout, with a line's end.
  void say(String text) throws IOException {
    write(world.out(), text + "\n");
  }

  /// Writes to stderr, with a line's end.
  void tell(String text) throws IOException {
    write(world.err(), text + "\n");
  }

  /// The server's JSON as it is.
  void pass(byte[] body) throws IOException {
    world.out().write(body);
    if (body.length == 0 || body[body.length - 1] != '\n') {
      world.out().write('\n');
    }
    world.out().flush();
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.UTF_8));
    to.flush();
  }
}
