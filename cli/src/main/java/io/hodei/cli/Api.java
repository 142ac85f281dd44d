package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls of one server, each on the caller's thread. HttpURLConnection, as java.net.http costs 80 ms more at start.
final class Api {
  private static final int CONNECT_MS = 3_000;
  private static final int ANSWER_MS = 75_000;

  /// An answer that is not a problem.
  record Answer(int status, byte[] body) {
    JsonNode json() {
      return Json.tree(body, "the server");
    }
  }

  private final Server server;
  private final Map<String, String> headers;

  /// `headers` go with every call.
  Api(Server server, Map<String, String> headers) {
    this.server = server;
    this.headers = headers;
  }

  Server server() {
    return server;
  }

  Answer get(String path) {
    return call("GET", path, null, Map.of());
  }

  Answer post(String path, @Nullable JsonNode body, Map<String, String> more) {
    return call("POST", path, body, more);
  }

  /// One call.
  ///
  /// @throws Unreachable when there is no answer, [Refused] when it is a problem
  Answer call(String method, String path, @Nullable JsonNode body, Map<String, String> more) {
    try {
      HttpURLConnection connection = open(path, ANSWER_MS);
      connection.setRequestMethod(method);
      more.forEach(connection::setRequestProperty);
      if (!method.equals("GET")) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body == null ? "{}".getBytes(StandardCharsets.US_ASCII) : Json.bytes(body));
        }
      }
      return answer(connection);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// The body of a long answer as it comes; the caller closes it. `silenceMs`: a read fails after this long without a byte.
  InputStream stream(String path, int silenceMs) {
    try {
      HttpURLConnection connection = open(path, silenceMs);
      if (connection.getResponseCode() >= 400) {
        answer(connection);
      }
      return connection.getInputStream();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpURLConnection open(String path, int readMs) throws IOException {
    if (!server.recorded()) {
      throw new ConnectException("none recorded");
    }
    var connection = (HttpURLConnection) URI.create(server.url() + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(readMs);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json");
    headers.forEach(connection::setRequestProperty);
    if (server.token() != null) {
      connection.setRequestProperty("Authorization", "Bearer " + server.token());
    }
    return connection;
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    byte[] body = in == null ? new byte[0] : read(in);
    if (status < 200 || status >= 300) {
      throw new Refused(status, problem(body));
    }
    return new Answer(status, body);
  }

  private static byte[] read(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }

  private static JsonNode problem(byte[] body) {
    try {
      JsonNode tree = Json.MAPPER.readTree(body);
      return tree == null ? Json.object() : tree;
    } catch (IOException e) {
      return Json.object();
    }
  }

  Unreachable unreachable(IOException e) {
    return e instanceof ConnectException || e instanceof UnknownHostException || e instanceof NoRouteToHostException
        ? server.nobodyThere()
        : new Unreachable("Expected an answer from " + server.url() + ", but: " + e.getMessage() + "; see ./hodei status.");
  }

  /// `text` as one segment of a path or one value of a query.
  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
