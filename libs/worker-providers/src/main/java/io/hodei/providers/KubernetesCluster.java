package io.hodei.providers;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cluster's API server, found and spoken to. Any thread. It need not be there when this is made: every call finds its address anew until there is
/// one, and has a deadline.
public final class KubernetesCluster implements AutoCloseable {
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;

  private static final int BAD_REQUEST = 400;
  private static final int GONE = 410;
  private static final int FORBIDDEN = 403;
  private static final int UNAUTHORIZED = 401;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final long PAGE = 500;
  private static final int LISTINGS = 3;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration PING = Duration.ofSeconds(2);
  private static final Duration RECONNECT = Duration.ofMillis(500);
  private static final Path IN_CLUSTER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private final Finder finder;
  private @Nullable Clients clients;

  private record Clients(Config config, KubernetesClient calls, KubernetesClient ping) {}

  /// Says where the cluster is.
  @FunctionalInterface
  interface Finder {
    Config find() throws ProviderException;
  }

  /// What is done with a client; every exception of it is translated.
  @FunctionalInterface
  interface Act<T> {
    T on(KubernetesClient client) throws ProviderException;
  }

  /// `context`: of the kubeconfig (KUBECONFIG, else `~/.kube/config`); null: its current one, else the cluster that this runs in.
  public KubernetesCluster(@Nullable String context) {
    this(() -> discovered(context));
  }

  KubernetesCluster(Finder finder) {
    this.finder = finder;
  }

  private static Config discovered(@Nullable String context) throws ProviderException {
    Config config = Config.autoConfigure(context == null || context.isBlank() ? null : context);
    boolean configured = config.getCurrentContext() != null || Files.exists(IN_CLUSTER) || System.getenv("KUBERNETES_MASTER") != null;
    if (!configured) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected a Kubernetes cluster, but found no kubeconfig (KUBECONFIG, else ~/.kube/config) and no"
          + " service account; bring a kubeconfig that `kubectl get pods` works with");
    }
    if (context != null && !context.isBlank() && (config.getCurrentContext() == null || !context.equals(config.getCurrentContext().getName()))) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected context " + context + " in the kubeconfig, but it has none of that name; see"
          + " `kubectl config get-contexts`, and correct hodei.kubernetes.context");
    }
    return config;
  }

  /// Its address and version, in words.
  ///
  /// @throws ProviderException PROVIDER_UNREACHABLE when there is none or it does not answer
  public String describe() throws ProviderException {
    Clients open = open();
    return call("ask for its version", Reason.PROVIDER_UNREACHABLE,
        client -> open.config().getMasterUrl() + ", version " + client.getKubernetesVersion().getGitVersion());
  }

  /// The API server's address, `https://host:port/`.
  ///
  /// @throws ProviderException PROVIDER_UNREACHABLE when there is no cluster
  public String address() throws ProviderException {
    return open().config().getMasterUrl();
  }

  /// Whether there is this namespace, as far as we may see that, and whether we may list its pods.
  ///
  /// @throws ProviderException that says what is missing
  public void check(String namespace) throws ProviderException {
    boolean there = call("look at namespace " + namespace, Reason.PROVISION_FAILED, client -> {
      client.pods().inNamespace(namespace).list(new ListOptionsBuilder().withLimit(1L).build());
      try {
        return client.namespaces().withName(namespace).get() != null;
      } catch (KubernetesClientException e) {
        if (e.getCode() == FORBIDDEN) {
          return true;
        }
        throw e;
      }
    });
    if (!there) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected namespace " + namespace + " in the cluster, but there is none; make it: kubectl create namespace "
          + namespace);
    }
  }

  /// Whether it answers what we ask most within two seconds.
  boolean answers(String namespace, String selector) {
    try {
      open().ping().pods().inNamespace(namespace).list(new ListOptionsBuilder().withLabelSelector(selector).withLimit(1L).build());
      return true;
    } catch (ProviderException | RuntimeException e) {
      return false;
    }
  }

  /// All pods of this selector: every page, or an exception.
  List<Pod> pods(String namespace, String selector) throws ProviderException {
    return call("list the workers in namespace " + namespace, Reason.PROVIDER_UNREACHABLE, client -> {
      for (int tries = 1; ; tries++) {
        try {
          return pages(client, namespace, selector);
        } catch (KubernetesClientException e) {
          // A listing that took too long cannot be continued, only begun again.
          if (e.getCode() != GONE || tries == LISTINGS) {
            throw e;
          }
        }
      }
    });
  }

  private static List<Pod> pages(KubernetesClient client, String namespace, String selector) {
    List<Pod> pods = new ArrayList<>();
    @Nullable String from = null;
    do {
      PodList page = client.pods().inNamespace(namespace).list(new ListOptionsBuilder().withLabelSelector(selector).withLimit(PAGE).withContinue(from).build());
      pods.addAll(page.getItems());
      from = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (from != null && !from.isEmpty());
    return pods;
  }

  /// Does it. `what` completes "Expected to …".
  <T> T call(String what, Reason reason, Act<T> act) throws ProviderException {
    KubernetesClient client = open().calls();
    try {
      return act.on(client);
    } catch (KubernetesClientException e) {
      throw translated(what, reason, e);
    }
  }

  private static ProviderException translated(String what, Reason reason, KubernetesClientException e) {
    int code = e.getCode();
    if (code <= 0 || code == TOO_MANY || code >= SERVER_ERROR) {
      return new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected to " + what + ", but the Kubernetes API does not answer: " + said(e), e);
    }
    boolean rights = code == UNAUTHORIZED || code == FORBIDDEN && !said(e).contains("quota");
    return new ProviderException(reason, "Expected to " + what + ", but the Kubernetes API says: " + said(e)
        + (rights ? "; see which rights Hodei needs in deploy/kubernetes/rbac.yaml" : ""), e);
  }

  /// Whether the API has said no, so that nothing was done.
  static boolean refuses(KubernetesClientException e) {
    return e.getCode() >= BAD_REQUEST && e.getCode() < SERVER_ERROR && e.getCode() != TOO_MANY;
  }

  /// The API's own words.
  static String said(KubernetesClientException e) {
    Status status = e.getStatus();
    if (status != null && status.getMessage() != null) {
      return status.getMessage();
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof IOException || root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private synchronized Clients open() throws ProviderException {
    Clients known = clients;
    if (known == null) {
      Config found = finder.find();
      known = new Clients(found, client(found, ANSWER, 2), client(found, PING, 0));
      clients = known;
    }
    return known;
  }

  private static KubernetesClient client(Config found, Duration answer, int retries) {
    Config config = new ConfigBuilder(found).withConnectionTimeout(Math.toIntExact(CONNECT.toMillis())).withRequestTimeout(Math.toIntExact(answer.toMillis()))
        .withRequestRetryBackoffLimit(retries).withRequestRetryBackoffInterval(100).withWatchReconnectInterval(Math.toIntExact(RECONNECT.toMillis()))
        .withWatchReconnectLimit(-1).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public synchronized void close() {
    if (clients != null) {
      clients.calls().close();
      clients.ping().close();
      clients = null;
    }
  }
}
