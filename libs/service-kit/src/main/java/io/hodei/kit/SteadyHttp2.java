package io.hodei.kit;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// HTTP/2 under a [SilenceLimit]: a connection stays while a stream of it is open, however long its client says nothing, since nothing is
/// expected from one that only listens; without a stream it goes like any other.
record SteadyHttp2(ServerConnectionSelector http2) implements ServerConnectionSelector {

  @Override
  public int bytesToIdentifyConnection() {
    return http2.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData begin) {
    return http2.supports(begin);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http2.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    Reading reading = new Reading(context);
    ServerConnection connection = http2.connection(new Context(context, DataReader.create(reading::next)));
    if (!(connection instanceof InterruptableTask<?> task)) {
      throw new IllegalStateException("Expected an HTTP/2 connection that tells whether it has streams, but found " + connection.getClass().getName());
    }
    reading.streams = task;
    return connection;
  }

  /// What comes on one connection; only its own thread reads.
  private static final class Reading {
    private final DataReader begun;
    private final HelidonSocket socket;
    private @Nullable InterruptableTask<?> streams;

    Reading(ConnectionContext context) {
      this.begun = context.dataReader();
      this.socket = context.serverSocket();
    }

    /// null at the end.
    byte @Nullable [] next() {
      int before = begun.available();
      if (before > 0) {
        return begun.readBytes(before);
      }
      while (true) {
        try {
          return socket.get();
        } catch (UncheckedIOException e) {
          if (!(e.getCause() instanceof SocketTimeoutException) || streams == null || streams.canInterrupt()) {
            throw new ServerConnectionException("Expected data, but the connection is broken or silent.", e);
          }
        }
      }
    }
  }

  private record Context(ConnectionContext whole, DataReader dataReader) implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return whole.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return whole.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return whole.dataWriter();
    }

    @Override
    public Router router() {
      return whole.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return whole.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return whole.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return whole.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return whole.localPeer();
    }

    @Override
    public boolean isSecure() {
      return whole.isSecure();
    }

    @Override
    public String socketId() {
      return whole.socketId();
    }

    @Override
    public String childSocketId() {
      return whole.childSocketId();
    }
  }
}
