package io.hodei.providers;

import com.github.dockerjava.api.exception.NotFoundException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// The real engine of this machine, for tests, and an image for it that needs no registry: made of this machine's own programs. Under CI=true an engine
/// that is missing is a failure; elsewhere its tests are left out.
final class Engine {
  static final String IMAGE = "hodei-it/tools:1";
  private static final List<String> TOOLS = List.of("/bin/sh", "/bin/sleep", "/bin/cat", "/bin/ls", "/usr/bin/id", "/usr/bin/touch", "/usr/bin/env",
      "/usr/bin/head", "/usr/bin/tail", "/usr/bin/true", "/usr/bin/mkdir", "/usr/bin/chmod");

  private Engine() {}

  /// For JUnit's EnabledIf.
  static boolean isWanted() {
    if ("true".equals(System.getenv("CI"))) {
      return true;
    }
    try (DockerEngine engine = new DockerEngine(null)) {
      return engine.answers();
    }
  }

  static synchronized void haveImage() throws ProviderException {
    try (DockerEngine engine = new DockerEngine(null)) {
      engine.call("make an image for the tests", ProviderException.Reason.IMAGE_ERROR, client -> {
        try {
          return client.inspectImageCmd(IMAGE).exec().getId();
        } catch (NotFoundException e) {
          return imported(IMAGE, root());
        }
      });
    }
  }

  /// Makes an image of a tar, with `changes` as of a Dockerfile; its name. A failure is one: an image of that name may be left of another run.
  static String imported(String image, byte[] root, String... changes) throws IOException {
    Path tar = Files.createTempFile("hodei-image", ".tar");
    try {
      Files.write(tar, root);
      List<String> command = new ArrayList<>(List.of("docker", "import"));
      for (String change : changes) {
        command.addAll(List.of("--change", change));
      }
      command.addAll(List.of(tar.toString(), image));
      String said = said(command.toArray(String[]::new));
      if (!said.startsWith("sha256:")) {
        throw new IOException("Expected an image from docker import, but it said " + said);
      }
      return image;
    } finally {
      Files.delete(tar);
    }
  }

  /// A tar of a few programs and what they are linked with.
  static byte[] root() throws IOException {
    return root(tar -> {});
  }

  /// What else is in it.
  @FunctionalInterface
  interface More {
    void into(TarArchiveOutputStream tar) throws IOException;
  }

  static byte[] root(More more) throws IOException {
    Set<Path> files = new LinkedHashSet<>();
    for (String tool : TOOLS) {
      files.add(Path.of(tool));
      for (String line : said("ldd", tool).split("\n")) {
        int path = line.indexOf('/');
        if (path >= 0 && line.indexOf(" (", path) > path) {
          files.add(Path.of(line.substring(path, line.indexOf(" (", path))));
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Path file : files) {
        TarArchiveEntry entry = new TarArchiveEntry(file.toString().substring(1));
        entry.setMode(0755);
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
      more.into(tar);
    }
    return bytes.toByteArray();
  }

  /// What a program of this machine says.
  static String said(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
