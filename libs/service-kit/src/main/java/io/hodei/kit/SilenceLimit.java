package io.hodei.kit;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The options of a listener's connections: no delay, and a limit for how long a client from which something is expected may say nothing
/// (the rest of a request, or the next one). After it the connection is closed. Helidon has no such option for what it accepts.
///
/// @param longest more than a millisecond
public record SilenceLimit(Duration longest) implements SocketOptions {
  /// For every listener: longer than clients keep unused connections, shorter than an attacker would like.
  public static final SilenceLimit USUAL = new SilenceLimit(Duration.ofSeconds(60));

  // Helidon writes head and body apart and leaves Nagle on: each small answer waited 40 ms for the client's delayed ACK.
  private static final SocketOptions REST = SocketOptions.builder().tcpNoDelay(true).build();

  @Override
  public void configureSocket(SocketChannel accepted) {
    REST.configureSocket(accepted);
    try {
      accepted.socket().setSoTimeout((int) longest.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return REST.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return REST.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return longest;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return REST.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return REST.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return REST.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return REST.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return REST.tcpNoDelay();
  }
}
