package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that no environment, no session and no parent tells of, and whose agent was killed with -9.
@Timeout(60)
class EscapeIT {
  private static final String STAY = "while :; do sleep 1000; done";
  private static final String STAY_ALONE = "exec tail -f \"$1\"";

  @TempDir
  Path folder;

  private final String installation = "it-" + UUID.randomUUID();
  private final List<ProcessProvider> opened = new ArrayList<>();
  private final List<Long> bystanders = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws Exception {
    bystanders.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    for (ProcessProvider each : opened) {
      for (WorkerItem item : each.inventory().items()) {
        each.destroy(item.workerId(), Duration.ZERO);
      }
      each.close();
    }
  }

  private ProcessProvider provider(AgentLaunch launch, LimitMarking marking) {
    ProcessProvider created = new ProcessProvider(
        new ProcessSite("process-it", installation, folder.resolve("workers"), folder), launch, marking);
    opened.add(created);
    return created;
  }

  /// Agents that run a script, which may depend on the worker.
  private ProcessProvider scripts(Function<String, String> script) {
    return provider(script(script), new LimitMarking(LimitMarking.PRLIMIT));
  }

  private static AgentLaunch script(Function<String, String> script) {
    return file -> List.of("setsid", "sh", "-c", script.apply(file.getParent().getFileName().toString()), "agent", file.toString());
  }

  /// Leaves its environment, its session and its parent, and writes its pid.
  private String escape(String name, String then) {
    return "env -i setsid sh -c '(exec sh -c \"echo \\$\\$ > " + folder + "/" + name + ".new; mv " + folder + "/" + name + ".new "
        + folder + "/" + name + "; " + then + "\" &)'; ";
  }

  private static WorkerLaunch launch(String id) {
    return new WorkerLaunch(id, "default", URI.create("http://127.0.0.1:8090"), "secret-of-" + id);
  }

  private int pid(String name) throws InterruptedException {
    await(() -> !read(folder.resolve(name)).isBlank(), name + " to write its pid");
    return Integer.parseInt(read(folder.resolve(name)).strip());
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never: " + what);
      Thread.sleep(2);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static String[] stat(int pid) {
    String line = read(Path.of("/proc", Integer.toString(pid), "stat"));
    return line.isEmpty() ? new String[] {"", "0"} : line.substring(line.lastIndexOf(')') + 2).split(" ");
  }

  private static boolean alive(int pid) {
    return !stat(pid)[0].isEmpty() && !stat(pid)[0].equals("Z");
  }

  private static int parent(int pid) {
    return Integer.parseInt(stat(pid)[1]);
  }

  private static void kill(String pid) {
    Signals.send(Integer.parseInt(pid), Signals.KILL);
  }

  @Test
  void whatEscapedFromAKilledAgentIsGoneAfterItsDestruction() throws Exception {
    ProcessProvider provider = scripts(id -> escape("k1", "exec sleep 600") + STAY_ALONE);
    String agent = provider.create(launch("w1")).providerRef();
    int stray = pid("k1");
    kill(agent);
    await(() -> !alive(Integer.parseInt(agent)), "the agent's death");
    assertFalse(provider.destroy("another", Duration.ZERO).existed(), "a stray is no other worker's");
    assertTrue(alive(stray));
    assertEquals(List.of("w1: agent dead, one process, scratch directory"), inventory(provider));
    assertTrue(provider.destroy("w1", Duration.ZERO).existed());
    assertFalse(alive(stray));
    assertEquals(List.of(), inventory(provider));
  }

  @Test
  void whatEscapedFromAnAgentOfAnEarlierLifeIsGoneAfterItsDestruction() throws Exception {
    Process earlier = EarlierLife.of(installation, folder.resolve("workers"), "w1", escape("k1", "exec sleep 610") + STAY).start();
    bystanders.add(earlier.pid());
    String agent = earlier.inputReader().readLine();
    int stray = pid("k1");
    earlier.destroyForcibly().waitFor();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    ProcessProvider provider = scripts(id -> STAY);
    provider.watch(exits::add);
    assertEquals(new CreatedWorker("w1", agent, true), provider.create(launch("w1")));
    kill(agent);
    assertEquals("w1: " + AgentEnd.EXPECTED + "it is gone; its exit code went to its parent.", told(exits));
    assertTrue(alive(stray), "it escaped");
    assertTrue(provider.destroy("w1", Duration.ZERO).existed());
    assertFalse(alive(stray));
  }

  @Test
  void aStrayWhoseDirectoryIsLostIsFoundByTheWorkersIdAlone() throws Exception {
    ProcessProvider provider = scripts(id -> escape("k1", "exec sleep 611") + STAY_ALONE);
    String agent = provider.create(launch("w1")).providerRef();
    int stray = pid("k1");
    kill(agent);
    await(() -> !alive(Integer.parseInt(agent)), "the agent's death");
    DirectoryRemoval.of(folder.resolve("workers/w1"));
    assertEquals(List.of(), inventory(provider), "its number is nobody's whom we know");
    assertTrue(provider.destroy("w1", Duration.ZERO).existed());
    assertFalse(alive(stray));
  }

  @Test
  void withoutPrlimitTheOtherMarksStillFindTheTree() throws Exception {
    ProcessProvider provider = provider(script(id -> "setsid sleep 612 & echo $! > " + folder + "/k1; env -i sleep 613 & echo $! > " + folder
        + "/k2; " + STAY), new LimitMarking("/nowhere/prlimit"));
    String agent = provider.create(launch("w1")).providerRef();
    List<Integer> children = List.of(pid("k1"), pid("k2"));
    assertTrue(read(Path.of("/proc", agent, "limits")).matches("(?s).*Max file locks +unlimited.*"), "unmarked");
    kill(agent);
    provider.destroy("w1", Duration.ZERO);
    children.forEach(child -> assertFalse(alive(child), child + " is left"));
  }

  private static List<String> inventory(ProcessProvider provider) throws ProviderException {
    return provider.inventory().items().stream().map(item -> item.workerId() + ": " + item.detail()).toList();
  }

  private static String told(BlockingQueue<WorkerExit> exits) throws InterruptedException {
    WorkerExit exit = exits.poll(5, TimeUnit.SECONDS);
    return exit == null ? "" : exit.workerId() + ": " + exit.message();
  }

  @Test
  void nothingIsWrittenAfterTheDestructionOfAnAgentThatItsJobKilled() throws Exception {
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    ProcessProvider provider = scripts(id -> "sh -c '" + escape(id, "while :; do echo x >> " + folder + "/lines; sleep 0.01; done")
        .replace("'", "'\\''") + "kill -9 $PPID'; " + STAY);
    provider.watch(exits::add);
    for (int i = 0; i < 20; i++) {
      provider.create(launch("w" + i));
      assertEquals("w" + i + ": " + AgentEnd.EXPECTED + "it was killed by signal 9.", told(exits));
      provider.destroy("w" + i, Duration.ZERO);
      String lines = read(folder.resolve("lines"));
      Thread.sleep(40);
      assertEquals(lines, read(folder.resolve("lines")), "written by attempt 1 of w" + i + " after its destruction");
    }
  }

  @Test
  void theWholeTreeOfAStrayDies() throws Exception {
    ProcessProvider provider = scripts(id -> escape("k1", "setsid sleep 601 & echo \\$! > " + folder + "/k2; while :; do (sleep 0.02 &); sleep 0.01; done")
        + STAY);
    String agent = provider.create(launch("w1")).providerRef();
    int stray = pid("k1");
    int child = pid("k2");
    kill(agent);
    provider.destroy("w1", Duration.ZERO);
    assertFalse(alive(stray));
    assertFalse(alive(child));
  }

  @RepeatedTest(10) // An agent JVM dies thread by thread; a destruction may begin at any moment of that.
  void aLivingAgentKeepsWhatItAdopted() throws Exception {
    ProcessProvider provider = provider(file -> SubreaperAgent.command(escape("kept", "exec sleep 602"), file),
        new LimitMarking(LimitMarking.PRLIMIT));
    String agent = provider.create(launch("living")).providerRef();
    int kept = pid("kept");
    await(() -> parent(kept) == Integer.parseInt(agent), "adoption by the agent");
    ProcessProvider scripts = scripts(id -> escape("k1", "exec sleep 603") + STAY);
    String other = scripts.create(launch("dead")).providerRef();
    int stray = pid("k1");
    kill(other);
    scripts.destroy("dead", Duration.ZERO);
    assertFalse(alive(stray));
    assertTrue(alive(kept), "its agent lives");
    kill(agent);
    provider.destroy("living", Duration.ZERO);
    assertFalse(alive(kept));
  }

  @Test
  void theJvmsOtherChildrenAndWhatTheyLeaveLiveOn() throws Exception {
    ProcessProvider provider = scripts(id -> escape(id, "exec sleep 604") + STAY);
    String first = provider.create(launch("w1")).providerRef();
    Process plain = new ProcessBuilder("sleep", "605").start();
    // Like Postgres: a session of its own, members with sessions of their own, no mark, started after the first agent.
    Process postmaster = new ProcessBuilder("setsid", "sh", "-c", "setsid sleep 606 & echo $! > p1; setsid env -i sleep 607 & echo $! > p2; "
        + "sleep 608 & echo $! > p3; echo x > up; wait").directory(folder.toFile()).start();
    await(() -> Files.exists(folder.resolve("up")), "the members");
    List<Integer> members = List.of(pid("p1"), pid("p2"), pid("p3"));
    bystanders.addAll(List.of(plain.pid(), postmaster.pid()));
    members.forEach(pid -> bystanders.add((long) pid));
    String second = provider.create(launch("w2")).providerRef();
    int strayOfFirst = pid("w1");
    int strayOfSecond = pid("w2");
    kill(first);
    provider.destroy("w1", Duration.ZERO);
    assertFalse(alive(strayOfFirst));
    assertTrue(plain.isAlive() && postmaster.isAlive());
    kill(Long.toString(postmaster.pid()));
    postmaster.waitFor();
    members.forEach(pid -> assertNotEquals(postmaster.pid(), parent(pid), "left to init"));
    kill(second);
    provider.destroy("w2", Duration.ZERO);
    provider.inventory();
    assertFalse(alive(strayOfSecond));
    assertTrue(plain.isAlive());
    members.forEach(pid -> assertTrue(alive(pid), pid + " was no worker's"));
  }

  @Test
  void fiftyStartsBesideFiftyDestructionsOfWorkersWithStrays() throws Exception {
    Queue<WorkerExit> exits = new ConcurrentLinkedQueue<>();
    ProcessProvider provider = scripts(id -> (id.startsWith("old") ? escape(id, "exec sleep 609") : "") + STAY);
    List<String> agents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      agents.add(provider.create(launch("old" + i)).providerRef());
    }
    List<Integer> strays = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      strays.add(pid("old" + i));
    }
    agents.forEach(EscapeIT::kill);
    await(() -> agents.stream().noneMatch(agent -> alive(Integer.parseInt(agent))), "the agents' deaths");
    provider.watch(exits::add);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CreatedWorker>> created = new ArrayList<>();
      List<Future<DestroyedWorker>> destroyed = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int n = i;
        destroyed.add(threads.submit(() -> provider.destroy("old" + n, Duration.ZERO)));
        created.add(threads.submit(() -> provider.create(launch("new" + n))));
      }
      for (Future<DestroyedWorker> each : destroyed) {
        each.get();
      }
      for (Future<CreatedWorker> each : created) {
        assertFalse(each.get().adopted());
        assertTrue(alive(Integer.parseInt(each.get().providerRef())), "a starting agent was taken for a stray");
      }
    }
    strays.forEach(stray -> assertFalse(alive(stray), stray + " is left"));
    assertEquals(50, provider.inventory().items().stream().filter(WorkerItem::agentAlive).count());
    assertTrue(exits.stream().noneMatch(exit -> exit.workerId().startsWith("new")), exits.toString());
  }
}
