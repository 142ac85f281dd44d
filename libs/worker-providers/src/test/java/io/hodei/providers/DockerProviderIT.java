package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What only containers have, on a real engine; the agent is a shell that says what it sees. What every provider does is in [DockerConformanceIT].
@EnabledIf("io.hodei.providers.Engine#isWanted")
@Timeout(120)
class DockerProviderIT {
  private static final String LIVES = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
  private static final WorkerShape TOOLS = new WorkerShape(Engine.IMAGE, null, null, null);

  @TempDir
  private Path folder = Path.of("set by JUnit");
  private final String installation = "it-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<DockerProvider> opened = new ArrayList<>();
  private final DockerEngine engine = new DockerEngine(null);

  @BeforeAll
  static void image() throws Exception {
    Engine.haveImage();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (DockerProvider each : opened) {
      each.close();
    }
    try (DockerProvider last = new DockerProvider(DockerConformanceIT.site(installation), new DockerEngine(null), new ShellAgent(installation, LIVES))) {
      for (WorkerItem item : last.inventory().items()) {
        last.destroy(item.workerId(), Duration.ZERO);
      }
      assertEquals(List.of(), last.inventory().items());
    }
    engine.close();
  }

  private DockerProvider provider(String script) {
    return provider(script, null);
  }

  private DockerProvider provider(String script, @Nullable String host) {
    DockerProvider provider = new DockerProvider(DockerConformanceIT.site(installation), new DockerEngine(host), new ShellAgent(installation, script));
    opened.add(provider);
    return provider;
  }

  private static WorkerLaunch launch(String id, WorkerShape shape) {
    return new WorkerLaunch(id, "boxes", URI.create("http://127.0.0.1:8090"), "secret-of-" + id, shape);
  }

  private <T> T ask(DockerEngine.Act<T> act) throws ProviderException {
    return engine.call("ask", Reason.PROVIDER_UNREACHABLE, act);
  }

  private InspectContainerResponse inspect(String id) throws ProviderException {
    return ask(client -> client.inspectContainerCmd("hodei-" + id).exec());
  }

  /// What a worker with this script for an agent says, until it ends by itself.
  private String said(String script, WorkerShape shape) throws Exception {
    DockerProvider provider = provider(script);
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    provider.create(launch("w1", shape));
    WorkerExit exit = exits.poll(20, TimeUnit.SECONDS);
    return exit == null ? "nothing" : exit.message();
  }

  @Test
  void aContainerIsClosedUnlessSomebodyOpensIt() throws Exception {
    provider(LIVES).create(launch("w1", new WorkerShape(Engine.IMAGE, "500m", "64Mi", null)));

    InspectContainerResponse container = inspect("w1");
    HostConfig host = container.getHostConfig();

    assertEquals("65532:65532", container.getConfig().getUser());
    assertEquals(Map.of("hodei.io/managed", "true", "hodei.io/installation", installation, "hodei.io/worker-id", "w1", "hodei.io/pool", "boxes"),
        container.getConfig().getLabels());
    assertEquals(List.of("no-new-privileges"), host.getSecurityOpts());
    assertEquals("[ALL]", java.util.Arrays.toString(host.getCapDrop()));
    assertEquals(Boolean.TRUE, host.getReadonlyRootfs());
    assertNotEquals(Boolean.TRUE, host.getPrivileged());
    assertEquals(100, host.getPidsLimit());
    assertEquals(500_000_000, host.getNanoCPUs());
    assertEquals((64L << 20) + DockerContainers.AGENT_MEMORY, host.getMemory());
    assertEquals(host.getMemory(), host.getMemorySwap());
  }

  @Test
  void theTokenIsInAFileAloneAndInNoInspection() throws Exception {
    provider(LIVES).create(launch("w1", TOOLS));
    String everything = Engine.said("docker", "inspect", "hodei-w1");
    assertTrue(everything.contains("hodei.io/worker-id"), everything);
    assertFalse(everything.contains("secret-of"), everything);
  }

  @Test
  void fromInsideItIsNotRootAndHoldsNothingOpen() throws Exception {
    assertEquals(AgentEnd.EXPECTED + "it ended by itself. Its last line: \"65532 65532 65532 CapEff: 0000000000000000 NoNewPrivs: 1\"", said(
        "u=$(id -u); g=$(id -g); G=$(id -G); while read a b; do case $a in CapEff:) c=$b;; NoNewPrivs:) n=$b;; esac; done </proc/self/status; "
            + "echo $u $g $G CapEff: $c NoNewPrivs: $n", TOOLS));
  }

  @Test
  void fromInsideOnlyItsOwnDirectoriesAreWritableAndTheWorkerFileIsItsOwn() throws Exception {
    assertEquals(AgentEnd.EXPECTED + "it ended by itself. Its last line: \"root=no agent=no tmp=yes scratch=yes token=secret-of-w1 engine=no\"", said(
        "t() { touch $1 2>/dev/null && echo yes || echo no; }; r=$(t /x); a=$(t /hodei/agent/x); m=$(t /tmp/x); s=$(t /hodei/work/scratch/x); "
            + "while read l; do case $l in token=*) k=${l#token=};; esac; done </hodei/work/conf/worker.conf; "
            + "[ -e /var/run/docker.sock ] && e=yes || e=no; echo root=$r agent=$a tmp=$m scratch=$s token=$k engine=$e", TOOLS));
  }

  @Test
  void anAgentBeyondItsMemoryIsToldAsSuch() throws Exception {
    DockerProvider provider = provider("head -c 400m /dev/zero | tail >/dev/null; exit 137");
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    provider.create(launch("w1", new WorkerShape(Engine.IMAGE, null, "8Mi", null)));
    WorkerExit exit = exits.poll(20, TimeUnit.SECONDS);
    assertTrue(exit != null && exit.outOfMemory(), String.valueOf(exit));
  }

  /// Its host sees it, and the marks that it has; it does not see where it is.
  @Test
  void aJobInAContainerIsNoWorkerOfTheProcessProviderBesideIt() throws Exception {
    provider("env -u HODEI_PROVIDER sleep 1000 & " + LIVES).create(launch("w1", new WorkerShape(Engine.IMAGE, null, null, null)));
    List<String> marks = List.of("HODEI_WORKER_ID=w1", "HODEI_INSTALLATION_ID=" + installation);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline && ProcessHandle.allProcesses().map(DockerProviderIT::environmentOf).noneMatch(each -> each.containsAll(marks)
        && each.stream().noneMatch(variable -> variable.startsWith("HODEI_PROVIDER=")))) {
      Thread.sleep(50);
    }
    assertTrue(System.nanoTime() < deadline, "this host does not see the job");

    try (ProcessProvider beside = new ProcessProvider(new ProcessSite("process-it", installation, folder.resolve("workers"), folder))) {
      assertEquals(List.of(), beside.inventory().items());
      assertFalse(beside.destroy("w1", Duration.ZERO).existed());
    }
    assertEquals("running", inspect("w1").getState().getStatus());
  }

  private static List<String> environmentOf(ProcessHandle process) {
    try {
      return List.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void aMissingImageIsAnImageErrorThatSaysWhatToDo() {
    ProviderException refused = assertThrows(ProviderException.class,
        () -> provider(LIVES).create(launch("w1", new WorkerShape("hodei-it/never:1", null, null, null))));
    assertEquals(Reason.IMAGE_ERROR, refused.reason());
    assertTrue(String.valueOf(refused.suggestedAction()).contains("docker pull hodei-it/never:1"), refused.suggestedAction());
  }

  @Test
  void anImageWithoutTheAgentsProgramIsAFailedStart() throws Exception {
    ProviderException refused = assertThrows(ProviderException.class, () -> new DockerProvider(DockerConformanceIT.site(installation), new DockerEngine(null),
        new ContainerAgent() {
          @Override
          public String volume() {
            return "hodei-it-empty";
          }

          @Override
          public List<String> command() {
            return List.of("/hodei/agent/nothing");
          }
        }).create(launch("w1", TOOLS)));
    assertEquals(Reason.START_FAILED, refused.reason());
    assertEquals(List.of("container created, image " + Engine.IMAGE), provider(LIVES).inventory().items().stream().map(WorkerItem::detail).toList());
  }

  @Test
  void aContainerThatWasNeverStartedIsMadeAnew() throws Exception {
    DockerProvider provider = provider(LIVES);
    Map<String, String> labels = new DockerNames(installation).labels("w1", "boxes");
    String cut = ask(client -> client.createContainerCmd(Engine.IMAGE).withName("hodei-w1").withLabels(labels).withCmd("sleep", "1").exec().getId());
    CreatedWorker created = provider.create(launch("w1", TOOLS));
    assertFalse(created.adopted());
    assertNotEquals(cut.substring(0, 12), created.providerRef());
    assertTrue(provider.inventory().items().getFirst().agentAlive());
  }

  @Test
  void whateverCarriesAWorkersLabelsIsListedAndDestroyedWhateverItsName() throws Exception {
    DockerProvider provider = provider(LIVES);
    Map<String, String> labels = new DockerNames(installation).labels("stray", "boxes");
    ask(client -> {
      DockerClient engine = client;
      String id = engine.createContainerCmd(Engine.IMAGE).withLabels(labels).withCmd("sleep", "1000").exec().getId();
      engine.startContainerCmd(id).exec();
      return engine.createVolumeCmd().withName("hodei-it-stray-" + installation).withLabels(new DockerNames(installation).labels("left", "boxes")).exec();
    });
    assertEquals(List.of("left", "stray"), provider.inventory().items().stream().map(WorkerItem::workerId).sorted().toList());
    assertTrue(provider.destroy("stray", Duration.ZERO).existed());
    assertTrue(provider.destroy("left", Duration.ZERO).existed());
    assertEquals(List.of(), provider.inventory().items());
  }
}
