package io.hodei.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A command typed in a test: with an environment, a home and descriptors of its own.
final class Typed {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();
  final Map<String, String> environment = new HashMap<>();
  private final Path home;
  boolean outTerminal;
  boolean errTerminal;
  OutputStream stdout = out;
  String in = "";
  int code;

  Typed(Path home, String url) {
    this.home = home;
    environment.put("HODEI_URL", url);
  }

  Typed type(String... words) {
    InputStream stdin = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
    code = Main.run(new Surroundings(environment, home, home, home.resolve(".hodei"), null, stdin, stdout, err, outTerminal, errTerminal), words);
    return this;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
