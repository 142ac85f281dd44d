package io.hodei.kit;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;

/// What one service answers. Filled in while the service starts; what no route takes is answered from the same list, with 405
/// and the methods there are, or with 404. A handler may throw [Problem.Raised]; anything else that it throws is a 500.
public final class Routes {
  private record Route(Method method, String path, Handler handler) {}

  private final String service;
  private final List<Route> all = new ArrayList<>();

  Routes(String service) {
    this.service = service;
  }

  /// Answers `method` on `path`, which has parameters in braces.
  public Routes on(Method method, String path, Handler handler) {
    all.add(new Route(method, path, handler));
    return this;
  }

  void addTo(HttpRouting.Builder routing) {
    all.forEach(route -> routing.route(route.method(), route.path(), guarded(route.handler())));
  }

  /// `handler`, with an end for bodies that cannot be read. Helidon would first read such a body to its end, which may never come.
  private Handler guarded(Handler handler) {
    return (request, response) -> {
      try {
        handler.handle(request, response);
      } catch (RequestException e) {
        if (response.isSent() || response.bytesWritten() > 0) {
          throw e;
        }
        response.header(HeaderValues.CONNECTION_CLOSE);
        Refusals.problem(e.status().code(), e.safeMessage() ? e.getMessage() : null, service).send(response);
        throw new CloseConnectionException("The body cannot be read.", e);
      }
    };
  }

  /// Answers what no route has taken.
  void unknown(ServerRequest request, ServerResponse response) {
    String path = request.prologue().uriPath().path();
    String asked = request.prologue().method().text();
    List<String> methods = all.stream().filter(route -> matches(route.path(), path)).map(route -> route.method().text()).distinct().toList();
    if (methods.isEmpty() || methods.contains(asked)) {
      missing(path).send(response);
    } else {
      response.header(HeaderNames.ALLOW, String.join(", ", methods));
      new Problem(405, "method-not-allowed", "Expected " + String.join(" or ", methods) + " on " + path + ", but found "
          + asked + "; use one of the methods named in Allow.").send(response);
    }
  }

  private Problem missing(String path) {
    List<String> paths = all.stream().map(Route::path).distinct().toList();
    return new Problem(404, "not-found", "Expected a path of " + service + ", but found " + path + "; "
        + (paths.contains("/openapi") ? "GET /openapi lists them." : "it has " + String.join(", ", paths) + "."));
  }

  private static boolean matches(String path, String actual) {
    String[] expected = path.split("/", -1);
    String[] found = actual.split("/", -1);
    if (expected.length != found.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (!expected[i].startsWith("{") && !expected[i].equals(found[i])) {
        return false;
      }
    }
    return true;
  }
}
