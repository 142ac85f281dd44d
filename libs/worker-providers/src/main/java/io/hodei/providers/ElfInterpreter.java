package io.hodei.providers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The path in a program by which the kernel finds its loader (PT_INTERP), changed in place: so that a program brings its own C library into an
/// image that has another, or none. For 64-bit little-endian ELF.
final class ElfInterpreter {
  private static final int HEADER_BYTES = 64;
  private static final int PT_INTERP = 3;

  private ElfInterpreter() {}

  /// @throws IOException when it is no such program, or has no room for the path
  static void set(Path program, String loader) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
      ByteBuffer header = read(file, 0, HEADER_BYTES);
      if (header.getInt(0) != 0x464c457f || header.get(4) != 2 || header.get(5) != 1) {
        throw new IOException("Expected a 64-bit little-endian ELF program, but " + program + " is none");
      }
      long table = header.getLong(32);
      int size = header.getShort(54);
      int count = header.getShort(56);
      for (int i = 0; i < count; i++) {
        ByteBuffer entry = read(file, table + (long) i * size, size);
        if (entry.getInt(0) == PT_INTERP) {
          overwrite(file, entry.getLong(8), Math.toIntExact(entry.getLong(32)), loader, program);
          return;
        }
      }
      throw new IOException("Expected a program that names its loader, but " + program + " names none");
    }
  }

  private static void overwrite(RandomAccessFile file, long at, int room, String loader, Path program) throws IOException {
    byte[] name = loader.getBytes(StandardCharsets.US_ASCII);
    if (name.length >= room) {
      throw new IOException("Expected room for " + loader + " in " + program + ", but there are only " + room + " bytes");
    }
    file.seek(at);
    file.write(java.util.Arrays.copyOf(name, room));
  }

  private static ByteBuffer read(RandomAccessFile file, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.seek(at);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
