package io.hodei.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One look at an HTTP server of this machine.
final class Probe {
  private static final int PATIENCE_MS = 2_000;
  private static final Pattern VIEWS = Pattern.compile("\"views\":\"([^\"]*)\"");

  private Probe() {}

  /// Whether a component, on this port, does its work.
  static boolean well(Component component, int port) {
    return component.healthPath().isEmpty() ? listens(port) : status(port, component.healthPath()) == 200;
  }

  static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The status of `GET path`, 0 when nobody answers.
  static int status(int port, String path) {
    String answer = answer(port, path, 12);
    try {
      return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9).strip()) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// What a component says about itself, for a message; its first lines.
  static String words(Component component, int port) {
    String answer = component.healthPath().isEmpty() ? "" : answer(port, component.healthPath(), 2_000);
    int body = answer.indexOf("\r\n\r\n");
    return body < 0 ? "it does not answer" : "it says " + answer.substring(body).strip();
  }

  /// What the views of job-api still have to read; empty when they have it, or nobody answers.
  static String views(int port) {
    Matcher views = VIEWS.matcher(answer(port, Component.API.healthPath(), 2_000));
    return views.find() ? views.group(1) : "";
  }

  private static String answer(int port, String path, int length) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
          + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
