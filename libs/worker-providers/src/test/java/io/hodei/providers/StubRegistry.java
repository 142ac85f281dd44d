package io.hodei.providers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/// A registry on the loopback, where engines need no TLS, that has one image of one layer as `private:1` and gives it to one login only.
final class StubRegistry implements AutoCloseable {
  private final HttpServer server;
  private final String expected;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final byte[] manifest;

  /// `layer`: a tar.
  StubRegistry(byte[] layer, String user, String password) throws IOException {
    expected = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(layer);
    }
    byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"FROM=registry\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + digest(layer)
        + "\"]}}").getBytes(StandardCharsets.UTF_8);
    manifest = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"config\":"
        + part("application/vnd.docker.container.image.v1+json", config) + ",\"layers\":[" + part("application/vnd.docker.image.rootfs.diff.tar.gzip", zipped.toByteArray()) + "]}")
        .getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/", this::answer);
    server.start();
  }

  String image() {
    return "127.0.0.1:" + server.getAddress().getPort() + "/private:1";
  }

  private String part(String type, byte[] content) {
    blobs.put(digest(content), content);
    return "{\"mediaType\":\"" + type + "\",\"size\":" + content.length + ",\"digest\":\"" + digest(content) + "\"}";
  }

  private void answer(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    if (!expected.equals(call.getRequestHeaders().getFirst("Authorization"))) {
      call.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"stub\"");
      send(call, 401, "application/json", "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}".getBytes(StandardCharsets.UTF_8));
    } else if (path.equals("/v2/")) {
      send(call, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/v2/private/manifests/")) {
      call.getResponseHeaders().add("Docker-Content-Digest", digest(manifest));
      send(call, 200, "application/vnd.docker.distribution.manifest.v2+json", manifest);
    } else {
      byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
      send(call, blob == null ? 404 : 200, "application/octet-stream", blob == null ? new byte[0] : blob);
    }
  }

  private static void send(HttpExchange call, int status, String type, byte[] body) throws IOException {
    call.getResponseHeaders().add("Content-Type", type);
    boolean head = call.getRequestMethod().equals("HEAD");
    if (head) {
      call.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
    }
    call.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      call.getResponseBody().write(body);
    }
    call.close();
  }

  private static String digest(byte[] content) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
