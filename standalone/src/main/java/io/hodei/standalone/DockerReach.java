package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.providers.DockerEngine;
import io.hodei.providers.ProviderException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;

/// How containers on this machine's Docker engine reach the services. `host`: the address of this machine inside the workers' network, which the
/// gateway has to bind; empty: they share this machine's own addresses.
record DockerReach(String host) {
  static final DockerReach NONE = new DockerReach("");

  /// Asks the engine.
  ///
  /// @throws StandaloneException when there is no engine, no such network, or the network ends at another machine
  static DockerReach find(Settings settings) {
    String network = settings.text(Key.DOCKER_NETWORK);
    try (DockerEngine engine = new DockerEngine(settings.text(Key.DOCKER_HOST))) {
      String described = engine.describe();
      if (network.equals("host")) {
        return NONE;
      }
      Optional<String> address = engine.addressIn(network);
      if (address.isEmpty() || NetworkInterface.getByInetAddress(InetAddress.getByName(address.get())) == null) {
        throw new StandaloneException("Expected network " + network + " of the Docker engine at " + described + " to end at an address of this machine, but "
            + address.map(each -> each + " is none").orElse("it has none") + "; set " + Key.DOCKER_NETWORK.key() + " to another network of the engine, or to host.");
      }
      return new DockerReach(address.get());
    } catch (ProviderException | IOException e) {
      throw new StandaloneException(e.getMessage() + ". Or use processes: hodei up --provider process", e);
    }
  }
}
