package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.providers.KubernetesCluster;
import io.hodei.providers.ProviderException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;

/// How pods of a cluster reach the services on this machine. `host`: the address of this machine that the gateway has to bind for them.
record KubernetesReach(String host) {
  private static final int HTTPS = 443;

  /// Asks the cluster, which has to answer, to have the namespaces and to let us list pods there.
  ///
  /// @throws StandaloneException when it does not, when no image brings the agent, or no address of this machine can be reached from there
  static KubernetesReach find(Settings settings) {
    try (KubernetesCluster cluster = new KubernetesCluster(settings.text(Key.KUBERNETES_CONTEXT))) {
      cluster.describe();
      cluster.check(settings.text(Key.KUBERNETES_NAMESPACE));
      for (String pair : settings.text(Key.KUBERNETES_TENANTS).split(",")) {
        if (pair.indexOf('=') > 0) {
          cluster.check(pair.substring(pair.indexOf('=') + 1).strip());
        }
      }
      if (settings.text(Key.KUBERNETES_AGENT_IMAGE).isBlank()) {
        throw new StandaloneException("Expected " + Key.KUBERNETES_AGENT_IMAGE.key() + ", the image that brings the agent into pods, but it is not set; make it with"
            + " deploy/kubernetes/agent-image.sh, push it to a registry that the nodes reach, and set the key.");
      }
      String given = settings.text(Key.KUBERNETES_GATEWAY_HOST);
      return new KubernetesReach(given.isBlank() ? towards(URI.create(cluster.address())) : checked(given));
    } catch (ProviderException | IOException e) {
      throw new StandaloneException(e.getMessage() + ". Or use processes: hodei up --provider process", e);
    }
  }

  /// The address that this machine sends from to there.
  private static String towards(URI cluster) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(cluster.getHost(), cluster.getPort() < 0 ? HTTPS : cluster.getPort()));
      InetAddress own = socket.getLocalAddress();
      if (own.isLoopbackAddress() || own.isAnyLocalAddress()) {
        throw new StandaloneException("Expected an address of this machine that pods reach, but the cluster at " + cluster + " is reached by " + own.getHostAddress()
            + "; set " + Key.KUBERNETES_GATEWAY_HOST.key() + " to an address of this machine that pods reach.");
      }
      return own.getHostAddress();
    }
  }

  private static String checked(String host) throws IOException {
    if (NetworkInterface.getByInetAddress(InetAddress.getByName(host)) == null) {
      throw new StandaloneException("Expected an address of this machine for " + Key.KUBERNETES_GATEWAY_HOST.key() + ", but " + host + " is none.");
    }
    return host;
  }
}
