package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real processes; the agent is a shell script. What every provider does is in [ProcessConformanceIT].
@Timeout(60)
class ProcessProviderIT {
  private static final String IDLE = "exec tail -f \"$1\"";

  @TempDir
  Path folder;

  private final String installation = "it-" + UUID.randomUUID();
  private final List<ProcessProvider> opened = new ArrayList<>();
  private ProcessProvider provider = new ProcessProvider(
      new ProcessSite("process-it", "unused", Path.of("unused"), Path.of("unused")), file -> List.of(), new LimitMarking("unused"));

  @BeforeEach
  void open() {
    provider = provider(installation, "while :; do sleep 1000; done");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (ProcessProvider each : opened) {
      for (WorkerItem item : each.inventory().items()) {
        each.destroy(item.workerId(), Duration.ZERO);
      }
      each.close();
    }
  }

  private ProcessProvider provider(String installationId, String script) {
    ProcessProvider created = new ProcessProvider(
        new ProcessSite("process-it", installationId, folder.resolve("workers"), folder),
        file -> List.of("setsid", "sh", "-c", script, "agent", file.toString()), new LimitMarking(LimitMarking.PRLIMIT));
    opened.add(created);
    return created;
  }

  private static WorkerLaunch launch(String id) {
    return new WorkerLaunch(id, "default", URI.create("http://127.0.0.1:8090"), "secret-of-" + id);
  }

  private Path directory(String id) {
    return folder.resolve("workers").resolve(id);
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never: " + what);
      Thread.sleep(2);
    }
  }

  private static boolean alive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).isPresent() && !zombie(pid);
  }

  private static boolean zombie(String pid) {
    try {
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void theWorkerFileIsPrivateAndSaysWhatTheAgentNeeds() throws Exception {
    provider.create(launch("w1"));
    Path file = directory("w1").resolve("worker.conf");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory("w1"))));
    assertEquals(Map.of("workerId", "w1", "installationId", installation, "gateway", "http://127.0.0.1:8090",
        "token", "secret-of-w1", "scratch", directory("w1").resolve("scratch").toString()),
        Files.readAllLines(file).stream().map(l -> l.split("=", 2)).collect(Collectors.toMap(e -> e[0], e -> e[1])));
    provider.destroy("w1", Duration.ZERO);
    assertFalse(Files.exists(file));
  }

  @Test
  void theAgentSeesOnlyItsOwnEnvironmentAndNoToken() throws Exception {
    String pid = provider(installation, IDLE).create(launch("w1")).providerRef();
    await(() -> read("/proc/" + pid + "/cmdline").startsWith("tail"), "exec");
    Set<String> names = Arrays.stream(read("/proc/" + pid + "/environ").split("\0"))
        .map(e -> e.split("=", 2)[0]).collect(Collectors.toSet());
    names.removeAll(Set.of("PWD", "SHLVL", "_", "OLDPWD"));
    Set<String> expected = new HashSet<>(Set.of("PATH", "HOME", "LANG", "LC_ALL", "HODEI_WORKER_ID", "HODEI_INSTALLATION_ID"));
    expected.removeIf(name -> !name.startsWith("HODEI") && !name.equals("LC_ALL") && System.getenv(name) == null);
    assertEquals(expected, names);
    assertFalse(read("/proc/" + pid + "/cmdline").contains("secret"));
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (java.io.IOException e) {
      return "";
    }
  }

  @Test
  void workersSurviveTheirProviderAndAreAdoptedWithTheirToken() throws Exception {
    String pid = provider.create(launch("w1")).providerRef();
    provider.close();
    ProcessProvider next = provider(installation, IDLE);
    WorkerItem item = next.inventory().items().getFirst();
    assertEquals("w1", item.workerId());
    assertEquals(pid, item.providerRef());
    assertTrue(item.agentAlive());
    assertEquals(new CreatedWorker("w1", pid, true),
        next.create(new WorkerLaunch("w1", "default", URI.create("http://x"), "another token")));
    assertTrue(Files.readString(directory("w1").resolve("worker.conf")).contains("token=secret-of-w1"));
  }

  @Test
  void anAgentIsFoundAtAnyMomentOfItsStart() throws Exception {
    ProcessProvider provider = provider(installation, "exec sh -c 'exec tail -f \"$1\"' agent \"$1\"");
    for (int i = 0; i < 100; i++) {
      CreatedWorker created = provider.create(launch("w" + i));
      for (int look = 0; look < 5; look++) {
        assertEquals(new CreatedWorker("w" + i, created.providerRef(), true), provider.create(launch("w" + i)));
      }
      provider.destroy("w" + i, Duration.ZERO);
    }
  }

  @Test
  void aClaimWhoseAgentWasNeverStartedIsStartedAnew() throws Exception {
    new ScratchDirectories(folder.resolve("workers"), installation).claim("w1");
    Files.createDirectory(directory("w1").resolve("scratch"));
    CreatedWorker created = provider.create(launch("w1"));
    assertFalse(created.adopted());
    assertTrue(alive(created.providerRef()));
  }

  @Test
  void aWorkerWhoseAgentRanAndDiedIsNotStartedAgain() throws Exception {
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    ProcessProvider running = provider(installation, "rm \"$1\"; echo no gateway; exit 4");
    running.watch(exits::add);
    running.create(launch("w1"));
    WorkerExit exit = exits.poll(5, TimeUnit.SECONDS);
    assertEquals(AgentEnd.EXPECTED + "no gateway answered it for too long and it ended with its job (exit code 4). Its last line: \"no gateway\"", exit == null ? "" : exit.message());
    assertTrue(running.create(launch("w1")).adopted());
    WorkerItem left = running.inventory().items().getFirst();
    assertFalse(left.agentAlive());
    assertEquals("agent dead, scratch directory", left.detail());
  }

  @Test
  void anotherInstallationInTheSameDirectoryIsInvisibleAndUntouched() throws Exception {
    ProcessProvider theirs = provider(installation + "-other", IDLE);
    String pid = theirs.create(launch("w1")).providerRef();
    assertEquals(List.of(), provider.inventory().items());
    assertFalse(provider.destroy("w1", Duration.ZERO).existed());
    assertTrue(alive(pid));
    assertTrue(Files.exists(directory("w1")));
    assertThrows(ProviderException.class, () -> provider.create(launch("w1")));
    assertTrue(theirs.destroy("w1", Duration.ZERO).existed());
  }

  @Test
  void graceLetsTheAgentEndByItself() throws Exception {
    Path ended = folder.resolve("ended");
    ProcessProvider polite = provider(installation, "trap 'echo bye > " + ended + "; exit 0' TERM; echo up > " + folder
        + "/up; while :; do sleep 0.01; done");
    polite.create(launch("w1"));
    await(() -> Files.exists(folder.resolve("up")), "trap set");
    polite.destroy("w1", Duration.ofSeconds(10));
    assertTrue(Files.exists(ended));
  }

  @Test
  void childrenThatHideAreKilledWithTheirAgent() throws Exception {
    String script = String.join("\n",
        "cd " + folder,
        "setsid sleep 1001 & echo $! > k1",                                        // own session
        "(setsid sh -c 'sleep 1002 & echo $! > k2' &)",                            // double fork, marked
        "env -i setsid sleep 1003 & echo $! > k3",                                 // no mark, own session, a child
        "env -i sleep 1004 & echo $! > k4",                                        // no mark, the agent's session
        "sh -c 'env -i sh -c \"sleep 1005 & echo \\$! > k5\"'",                    // no mark, parent gone
        "sh -c 'trap \"\" TERM HUP INT; while :; do sleep 0.01; done' & echo $! > k6",
        "echo done > up; while :; do sleep 1000; done");
    ProcessProvider hiding = provider(installation, script);
    hiding.create(launch("w1"));
    await(() -> Files.exists(folder.resolve("up")) && List.of(1, 2, 3, 4, 5, 6).stream()
        .noneMatch(i -> read(folder + "/k" + i).isBlank()), "children");
    List<String> pids = List.of(1, 2, 3, 4, 5, 6).stream().map(i -> read(folder + "/k" + i).strip()).toList();
    pids.forEach(pid -> assertTrue(alive(pid), pid));
    hiding.destroy("w1", Duration.ZERO);
    pids.forEach(pid -> assertFalse(alive(pid), pid + " is left"));
    assertEquals(List.of(), hiding.inventory().items());
  }

  @Test
  void whatADeadAgentLeavesIsKilledToo() throws Exception {
    ProcessProvider hiding = provider(installation, "cd " + folder + "; setsid sleep 1001 & echo $! > k1; env -i sleep 1002 & "
        + "echo $! > k2; echo x > up; while :; do sleep 1000; done");
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    hiding.watch(exits::add);
    String agent = hiding.create(launch("w1")).providerRef();
    await(() -> Files.exists(folder.resolve("up")), "children");
    List<String> pids = List.of(read(folder + "/k1").strip(), read(folder + "/k2").strip());
    new ProcessBuilder("kill", "-9", agent).start().waitFor();
    exits.poll(2, TimeUnit.SECONDS);
    assertFalse(hiding.inventory().items().getFirst().agentAlive());
    hiding.destroy("w1", Duration.ZERO);
    pids.forEach(pid -> assertFalse(alive(pid), pid + " is left"));
  }

  @Test
  void aTreeThatForksWithoutEndIsKilled() throws Exception {
    ProcessProvider forking = provider(installation,
        "f() { while :; do (sleep 0.05 & sleep 0.02); done; }; f & f & f & f & f & f & f & f");
    forking.create(launch("w1"));
    await(() -> forkedBy(forking) > 20, "a tree");
    forking.destroy("w1", Duration.ZERO);
    assertEquals(List.of(), forking.inventory().items());
  }

  private static int forkedBy(ProcessProvider forking) {
    try {
      String detail = forking.inventory().items().getFirst().detail();
      return Integer.parseInt(detail.replaceAll(".*?(\\d+) processes.*", "$1").replaceAll("\\D.*", "0"));
    } catch (ProviderException | NumberFormatException e) {
      return 0;
    }
  }

  @Test
  void closedDirectoriesAndLinksOutsideAreNoObstacle() throws Exception {
    Path precious = Files.createDirectories(folder.resolve("precious"));
    Files.writeString(precious.resolve("f"), "42");
    provider.create(launch("w1"));
    Path scratch = directory("w1").resolve("scratch");
    Files.createSymbolicLink(scratch.resolve("link"), precious);
    Path closed = Files.createDirectories(scratch.resolve("a/b"));
    Files.setPosixFilePermissions(closed, Set.of());
    Files.setPosixFilePermissions(closed.getParent(), Set.of());
    provider.destroy("w1", Duration.ZERO);
    assertFalse(Files.exists(directory("w1"), LinkOption.NOFOLLOW_LINKS));
    assertEquals("42", Files.readString(precious.resolve("f")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../precious", "a\nb"})
  void aProcessMarkedWithAnUnsafeIdIsFoundAndDestroyedByItsStandIn(String raw) throws Exception {
    Path precious = Files.writeString(Files.createDirectories(folder.resolve("precious")).resolve("f"), "42");
    Process hostile = marked(raw);
    Process another = marked("../another");
    try {
      String standIn = WorkerMark.safeOrStandIn(raw);
      WorkerItem found = provider.inventory().items().stream().filter(item -> item.workerId().equals(standIn)).findFirst().orElseThrow();
      assertEquals(new WorkerItem(standIn, null, null, false, "marked with an unsafe worker id, agent dead, one process"), found);
      assertTrue(provider.destroy(standIn, Duration.ZERO).existed());
      assertFalse(alive(Long.toString(hostile.pid())));
      assertTrue(another.isAlive(), "it has a stand-in of its own");
      assertEquals("42", Files.readString(precious));
      assertFalse(provider.destroy(standIn, Duration.ZERO).existed());
    } finally {
      hostile.destroyForcibly();
      another.destroyForcibly();
    }
  }

  private Process marked(String rawWorkerId) throws java.io.IOException {
    ProcessBuilder marked = new ProcessBuilder("sleep", "1000");
    marked.environment().put("HODEI_WORKER_ID", rawWorkerId);
    marked.environment().put("HODEI_INSTALLATION_ID", installation);
    return marked.start();
  }

  @Test
  void destructionOfAnIdleAgentIsFast() throws Exception {
    List<Long> createMicros = new ArrayList<>();
    List<Long> destroyMicros = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      long start = System.nanoTime();
      provider.create(launch("w" + i));
      long created = System.nanoTime();
      provider.destroy("w" + i, Duration.ZERO);
      long destroyed = System.nanoTime();
      if (i >= 20) {
        createMicros.add((created - start) / 1000);
        destroyMicros.add((destroyed - created) / 1000);
      }
    }
    createMicros.sort(null);
    destroyMicros.sort(null);
    System.out.println("create us p50=" + createMicros.get(50) + " p95=" + createMicros.get(95)
        + " destroy us p50=" + destroyMicros.get(50) + " p95=" + destroyMicros.get(95));
    assertTrue(destroyMicros.get(50) < 5 * 30_000, "destroy p50 " + destroyMicros.get(50) + " us");
  }
}
