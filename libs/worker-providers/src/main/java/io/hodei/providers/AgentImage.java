package io.hodei.providers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// `java … io.hodei.providers.AgentImage <agent directory> <bundles directory> <file.tar>`: the root of the image that brings the agent into pods. There is
/// nothing in it but the bundle, so it is an image `FROM scratch` with this as its one layer.
public final class AgentImage {
  private static final int ARGUMENTS = 3;

  private AgentImage() {}

  /// Prints the bundle's digest, which is a good tag. Exit code 1, and stderr says why, when it cannot be made.
  public static void main(String[] args) throws IOException {
    if (args.length != ARGUMENTS) {
      System.err.println("Expected <agent directory> <bundles directory> <file.tar>, but got " + args.length + " arguments");
      System.exit(1);
    }
    try {
      AgentBundle bundle = AgentBundle.of(Path.of(args[0]), Path.of(System.getProperty("java.home")), Path.of(args[1]));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[2])))) {
        TarArchive.ofDirectory(bundle.root(), AgentBundle.HOME.toString().substring(1) + "/", out);
      }
      System.out.println(bundle.id());
    } catch (ProviderException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
