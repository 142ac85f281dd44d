package io.hodei.audit;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Problem;
import io.hodei.kit.Routes;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET /v1/audit/events`. Runs on the web server's threads.
final class AuditRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRoutes.class);

  private final AuditQueries queries;

  AuditRoutes(AuditQueries queries) {
    this.queries = queries;
  }

  void addTo(Routes routes) {
    routes.on(Method.GET, "/v1/audit/events", this::events);
  }

  private void events(ServerRequest request, ServerResponse response) {
    AuditQuery query = AuditQuery.of(parameters(request));
    String answer;
    try {
      answer = queries.find(query).json();
    } catch (SQLException e) {
      LOG.warn("audit_query_failed sql_state={} cause=\"{}\"", e.getSQLState(), e.getMessage());
      boolean slow = "57014".equals(e.getSQLState());
      throw new Problem(503, slow ? "audit-slow" : "audit-down", slow
          ? "Expected an answer of the audit database within 10 s, but it took longer; narrow the question by from and to."
          : "Expected the audit database to answer, but it cannot be used now; try again. Nothing is lost: events wait in Kafka.").raise();
    }
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(answer);
  }

  private static Map<String, List<String>> parameters(ServerRequest request) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String name : request.query().names()) {
      parameters.put(name, request.query().all(name));
    }
    return parameters;
  }
}
