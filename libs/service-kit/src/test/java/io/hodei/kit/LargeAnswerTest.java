package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A long answer, streamed to a reader that is slower than the server.
@Timeout(120)
class LargeAnswerTest {
  private static final int LINES = 1_000_000;
  private static final String FILL = "-".repeat(40);

  @Test
  void everyByteArrivesInOrder() throws Exception {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    WebServer server = new HttpFront("job-api", Settings.of(Map.of()), new Health(), metrics, metrics::scrape).start(0, config -> { },
        routes -> routes.on(Method.GET, "/v1/long", (request, response) -> {
          try (OutputStream out = response.outputStream()) {
            for (int i = 0; i < LINES; i++) {
              out.write((i + FILL + "\n").getBytes(StandardCharsets.US_ASCII));
            }
          }
        }));
    try {
      HttpURLConnection call = (HttpURLConnection) URI.create("http://localhost:" + server.port() + "/v1/long").toURL().openConnection();
      assertEquals(200, call.getResponseCode());
      read(call);
    } finally {
      server.stop();
    }
  }

  private static void read(HttpURLConnection call) throws IOException, InterruptedException {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int i = 0; i < LINES; i++) {
        if (i % 100_000 == 0) {
          // The reader that is tested is a slow one: meanwhile the socket's buffers fill up.
          Thread.sleep(50);
        }
        assertEquals(i + FILL, in.readLine());
      }
      assertNull(in.readLine());
    }
  }
}
