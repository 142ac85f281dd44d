package io.hodei.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The ports that one `up` means to bind, told to every other one of this machine: seconds pass between the choice of a port and its use. A claim is a
/// lock of the operating system's on a file of the port's; it dies with its holder, however that dies. Used by one thread. Where no claim can be made,
/// since the directory is not ours to write in, only who listens counts.
final class PortClaims implements AutoCloseable {
  private final Path directory;
  private final List<FileChannel> held = new ArrayList<>();

  /// `directory` is made when it is missing, for all users.
  PortClaims(Path directory) {
    this.directory = directory;
  }

  static PortClaims ofThisMachine() {
    return new PortClaims(Path.of(System.getProperty("java.io.tmpdir"), "hodei-ports"));
  }

  /// Claims this port; false when another `up` has claimed it, or any program listens on it.
  boolean take(int port) {
    FileChannel channel;
    try {
      channel = open(directory.resolve(port + ".lock"));
    } catch (IOException e) {
      return isFree(port);
    }
    try {
      if (channel.tryLock() != null && isFree(port)) {
        held.add(channel);
        return true;
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Somebody has it, here or elsewhere.
    }
    close(channel);
    return false;
  }

  private FileChannel open(Path file) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      // As /tmp has it: everybody makes files there, and nobody removes another's.
      Files.setAttribute(directory, "unix:mode", 01777);
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      FileChannel made = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      return made;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      // Opening a pipe, say, would wait for somebody at its other end.
      throw new IOException("Expected a file, but " + file + " is none");
    }
    return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /// Whether one can listen on it here.
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It holds nothing then.
    }
  }

  @Override
  public void close() {
    held.forEach(PortClaims::close);
    held.clear();
  }
}
