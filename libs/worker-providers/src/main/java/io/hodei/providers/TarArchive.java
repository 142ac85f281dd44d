package io.hodei.providers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// What is copied into a container, as the engine takes it.
final class TarArchive {
  private TarArchive() {}

  /// `conf/worker.conf` with this text and an empty `scratch`, all the given user's alone.
  static byte[] ofWorker(String workerFile, int uid, int gid) {
    return of(tar -> {
      for (String name : new String[] {"conf/", "scratch/"}) {
        entry(tar, new TarArchiveEntry(name), 0700, uid, gid, new byte[0]);
      }
      entry(tar, new TarArchiveEntry("conf/worker.conf"), 0600, uid, gid, workerFile.getBytes(StandardCharsets.UTF_8));
    });
  }

  /// An empty directory, `name/`, root's.
  static byte[] ofEmpty(String name) {
    return of(tar -> entry(tar, new TarArchiveEntry(name + "/"), 0755, 0, 0, new byte[0]));
  }

  /// Files of these names, root's.
  static byte[] ofFiles(Map<String, byte[]> files) {
    return of(tar -> {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        entry(tar, new TarArchiveEntry(file.getKey()), 0644, 0, 0, file.getValue());
      }
    });
  }

  @FunctionalInterface
  private interface Content {
    void into(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] of(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      content.into(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void entry(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, int uid, int gid, byte[] content) throws IOException {
    entry.setMode(mode);
    entry.setIds(uid, gid);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /// All below `root`, below `at` (empty, or ended by `/`), for everybody to read, with its times: an AOT cache is taken only with those.
  static void ofDirectory(Path root, String at, OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out); Stream<Path> files = Files.walk(root)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path file : (Iterable<Path>) files.filter(each -> !each.equals(root)).sorted()::iterator) {
        String name = at + root.relativize(file);
        if (Files.isSymbolicLink(file)) {
          TarArchiveEntry link = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
          link.setLinkName(Files.readSymbolicLink(file).toString());
          tar.putArchiveEntry(link);
        } else {
          boolean directory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
          TarArchiveEntry entry = new TarArchiveEntry(directory ? name + "/" : name);
          entry.setMode(directory || Files.isExecutable(file) ? 0755 : 0644);
          entry.setIds(0, 0);
          entry.setModTime(Files.getLastModifiedTime(file));
          entry.setSize(directory ? 0 : Files.size(file));
          tar.putArchiveEntry(entry);
          if (!directory) {
            Files.copy(file, tar);
          }
        }
        tar.closeArchiveEntry();
      }
    }
  }
}
