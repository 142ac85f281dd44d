package io.hodei.providers;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A socket that passes everything on to another, until it is cut and from when it is mended. Threads of its own.
final class SocketRelay implements AutoCloseable {
  private final Path from;
  private final Path to;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private ServerSocketChannel server;

  SocketRelay(Path from, Path to) throws IOException {
    this.from = from;
    this.to = to;
    this.server = listen();
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(from));
    Thread.ofVirtual().start(() -> accept(listening));
    return listening;
  }

  /// All connections end, and no new one is taken.
  void cut() throws IOException {
    server.close();
    Files.deleteIfExists(from);
    for (SocketChannel each : open) {
      each.close();
    }
    open.clear();
  }

  void mend() throws IOException {
    server = listen();
  }

  private void accept(ServerSocketChannel listening) {
    try {
      while (true) {
        SocketChannel client = listening.accept();
        SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(to));
        open.add(client);
        open.add(engine);
        Thread.ofVirtual().start(() -> pass(client, engine));
        Thread.ofVirtual().start(() -> pass(engine, client));
      }
    } catch (IOException e) {
      // It was cut.
    }
  }

  private void pass(SocketChannel in, SocketChannel out) {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try (in; out) {
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // The other side has ended it.
    } finally {
      open.remove(in);
      open.remove(out);
    }
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
