package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PortClaimsTest {
  private static final int STARTS = 4;

  @TempDir
  private Path temporary = Path.of("set by JUnit");

  /// One start of `up`, as far as its ports: prints them, and holds them until its stdin ends.
  public static void main(String[] args) throws IOException {
    DataDirectory directory = new DataDirectory(Path.of(args[0]));
    directory.prepare();
    try (PortClaims claims = new PortClaims(Path.of(args[1]))) {
      System.out.println(new ArrayList<>(Ports.choose(directory, OptionalInt.empty(), EnumSet.noneOf(Port.class), claims).chosen().values()).toString().replaceAll("[\\[\\] ]", ""));
      System.in.read();
    }
  }

  @Test
  @Timeout(120)
  void severalThatStartAtOnceChooseDifferentPortsAndBindNoneOfThem() throws Exception {
    List<Process> starts = new ArrayList<>();
    try {
      for (int i = 0; i < STARTS; i++) {
        starts.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), PortClaimsTest.class.getName(),
            temporary.resolve("data-" + i).toString(), temporary.resolve("claims").toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
      }
      List<String> chosen = new ArrayList<>();
      for (Process start : starts) {
        chosen.addAll(List.of(start.inputReader().readLine().split(",")));
      }
      assertEquals(STARTS * Port.values().length, chosen.size());
      assertEquals(chosen.size(), new HashSet<>(chosen).size(), chosen.toString());
    } finally {
      for (Process start : starts) {
        start.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void aClaimEndsWithItsHolderAndIsNoneWhereSomebodyListens() throws Exception {
    try (PortClaims second = new PortClaims(temporary)) {
      int port = busyFor(second);
      try (PortClaims first = new PortClaims(temporary)) {
        assertTrue(first.take(port));
        assertFalse(second.take(port));
      }
      assertTrue(second.take(port));
    }
  }

  @Test
  void whereNothingCanBeWrittenOnlyWhoListensCounts() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "no directory");
    try (PortClaims claims = new PortClaims(file)) {
      assertTrue(claims.take(busyFor(claims)));
    }
  }

  /// A port that was refused while somebody listened on it, and that is free now.
  private static int busyFor(PortClaims claims) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(claims.take(other.getLocalPort()));
      return other.getLocalPort();
    }
  }

  /// Another user's, perhaps: opening it would wait for ever.
  @Test
  @Timeout(20)
  void aPipeInThePlaceOfALockHoldsNobodyUp() throws Exception {
    int port = 0;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertEquals(0, new ProcessBuilder("mkfifo", temporary.resolve(port + ".lock").toString()).start().waitFor());
    try (PortClaims claims = new PortClaims(temporary)) {
      assertTrue(claims.take(port));
    }
  }
}
