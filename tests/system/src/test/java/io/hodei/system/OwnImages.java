package io.hodei.system;

import io.hodei.testkit.Containers;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The images of `deploy/images`, built from bases that are made of this machine's own files, so that no registry is asked.
final class OwnImages {
  static final String TAG = "st";
  private static final String PREFIX = "hodei-st/";
  private static final Duration GUARD = Duration.ofMinutes(15);
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final List<String> SHELL = List.of("/bin/sh", "/bin/bash", "/bin/mkdir", "/bin/sleep", "/bin/cat", "/usr/bin/env", "/usr/bin/printf", "/usr/bin/ldd", "/usr/bin/true");

  private OwnImages() {}

  static String name(String image) {
    return PREFIX + image + ":" + TAG;
  }

  /// One class at a time: all images have their first steps in common.
  static synchronized void build(String... names) {
    Shell.hodei(Map.of(), Path.of("/"), List.of("doctor"));
    List<String> glibc = new ArrayList<>(SHELL);
    glibc.addAll(Containers.linked(JDK.resolve("lib/server/libjvm.so").toString()));
    String base = base("base", glibc);
    List<String> withJdk = new ArrayList<>(glibc);
    withJdk.add(JDK.toString());
    String jdk = base("jdk", withJdk, "ENV PATH=/bin:/usr/bin");
    List<String> command = new ArrayList<>(List.of(Shell.checkout().resolve("deploy/images/build").toString(), "--jdk", jdk, "--jdk-home", JDK.toString(), "--base", base,
        "--prefix", PREFIX, "--tag", TAG));
    command.addAll(List.of(names));
    Ran built = Shell.run(Map.of(), Path.of("/"), command, GUARD);
    built.exits(0);
  }

  /// Made once on each machine, since all that is built on another one is built anew.
  private static String base(String name, List<String> programs, String... changes) {
    String image = PREFIX + name + ":" + Integer.toHexString(List.of(Runtime.version().toString(), programs, List.of(changes)).hashCode());
    return Containers.docker("image", "inspect", image).exit() == 0 ? image : Containers.image(image, programs, changes);
  }
}
