package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import io.hodei.providers.ProviderException.Reason;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a container is opened to by `providerConfig.docker`, on a real engine; the agent is a shell that says what it sees.
@EnabledIf("io.hodei.providers.Engine#isWanted")
@Timeout(120)
// proves: contract:provider-config
class DockerOptionsIT {
  private static final String LIVES = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

  @TempDir
  private Path folder = Path.of("set by JUnit");
  private final String installation = "it-" + UUID.randomUUID().toString().substring(0, 8);
  private final String volume = "it-volume-" + installation;
  private final DockerEngine engine = new DockerEngine(null);

  @BeforeAll
  static void image() throws Exception {
    Engine.haveImage();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (DockerProvider last = provider(LIVES)) {
      last.destroy("w1", Duration.ZERO);
    }
    Engine.said("docker", "volume", "rm", volume);
    engine.close();
  }

  private DockerProvider provider(String script) {
    return new DockerProvider(DockerConformanceIT.site(installation), new DockerEngine(null), new ShellAgent(installation, script));
  }

  private static WorkerShape tools(@Nullable String config) {
    return new WorkerShape(Engine.IMAGE, null, null, null, config);
  }

  private static WorkerLaunch launch(WorkerShape shape) {
    return new WorkerLaunch("w1", "boxes", URI.create("http://127.0.0.1:8090"), "secret", shape);
  }

  private InspectContainerResponse made(String config) throws ProviderException {
    try (DockerProvider provider = provider(LIVES)) {
      provider.create(launch(tools(config)));
      return engine.call("ask", Reason.PROVIDER_UNREACHABLE, client -> client.inspectContainerCmd("hodei-w1").exec());
    }
  }

  private String said(String script, WorkerShape shape) throws Exception {
    try (DockerProvider provider = provider(script)) {
      BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
      provider.watch(exits::add);
      provider.create(launch(shape));
      WorkerExit exit = exits.poll(20, TimeUnit.SECONDS);
      return exit == null ? "nothing" : exit.message();
    }
  }

  /// An image that leads what is mounted to where the agent's things are, and that would have its own code in the agent.
  private WorkerShape trap(String config) throws Exception {
    return trap("shared", "/hodei/work", config);
  }

  private WorkerShape trap(String from, String to, String config) throws Exception {
    byte[] root = Engine.root(more -> {
      TarArchiveEntry link = new TarArchiveEntry(from, TarConstants.LF_SYMLINK);
      link.setLinkName(to);
      more.putArchiveEntry(link);
      more.closeArchiveEntry();
      more.putArchiveEntry(new TarArchiveEntry("tmp/"));
      more.closeArchiveEntry();
    });
    return new WorkerShape(Engine.imported("hodei-it/trap:1", root, "ENV LD_AUDIT=/nowhere.so", "ENV _JAVA_OPTIONS=-Xmx8m"), null, null, null, config);
  }

  @Test
  void aTargetBehindALinkOfTheImageIsRefused() throws Exception {
    Engine.said("docker", "volume", "create", volume);
    try (DockerProvider provider = provider(LIVES)) {
      WorkerLaunch launch = launch(trap("{\"mounts\":[{\"volume\":\"" + volume + "\",\"target\":\"/shared/conf\"}]}"));
      ProviderException refused = assertThrows(ProviderException.class, () -> provider.create(launch));
      assertEquals(Reason.START_FAILED, refused.reason());
      assertTrue(String.valueOf(refused.getMessage()).contains("/shared is a link"), refused.getMessage());
    }
  }

  @Test
  void anImageThatLeadsTheAgentsOwnDirectoriesToATargetIsRefused() throws Exception {
    Engine.said("docker", "volume", "create", volume);
    try (DockerProvider provider = provider(LIVES)) {
      WorkerLaunch launch = launch(trap("hodei", "/elsewhere", "{\"mounts\":[{\"volume\":\"" + volume + "\",\"target\":\"/elsewhere/work/conf\"}]}"));
      ProviderException refused = assertThrows(ProviderException.class, () -> provider.create(launch));
      assertEquals(Reason.START_FAILED, refused.reason());
      assertTrue(String.valueOf(refused.getMessage()).contains("/hodei is a link"), refused.getMessage());
    }
  }

  /// The job's own fault, not the engine's.
  @Test
  void aTargetThatIsAFileOfTheImageIsRefused() throws Exception {
    Engine.said("docker", "volume", "create", volume);
    try (DockerProvider provider = provider(LIVES)) {
      ProviderException refused = assertThrows(ProviderException.class,
          () -> provider.create(launch(tools("{\"mounts\":[{\"volume\":\"" + volume + "\",\"target\":\"/bin/sh\"}]}"))));
      assertEquals(Reason.START_FAILED, refused.reason(), refused.getMessage());
      assertTrue(String.valueOf(refused.suggestedAction()).contains("Name a directory of the image"), refused.suggestedAction());
    }
  }

  @Test
  void theAgentBeginsWithNothingThatTheImageSets() throws Exception {
    String said = said("echo audit=${LD_AUDIT-none} java=${_JAVA_OPTIONS-none}; exit 7", trap(null));
    assertTrue(said.contains("audit=none java=none"), said);
  }

  /// The trap's is root's, and for nobody else to write to.
  @Test
  void tmpIsWritableWhateverItsModeInTheImage() throws Exception {
    String said = said("[ -w /tmp ] && touch /tmp/x && echo writable; exit 7", trap(null));
    assertTrue(said.endsWith("Its last line: \"writable\""), said);
  }

  /// By its name, or behind a link.
  @ParameterizedTest
  @ValueSource(strings = {"/hodei/agent/jre/bin", "/s/agent/jre/bin", "/long/work", "/é/work"})
  void anImageWithAVolumeWhereTheAgentGoesIsRefused(String volume) throws Exception {
    String image = Engine.imported("hodei-it/volume:1", Engine.root(tar -> {
      for (Map.Entry<String, String> link : Map.of("s", "/hodei", "long", "/.".repeat(60) + "/hodei", "é", "/hodei").entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
        entry.setLinkName(link.getValue());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    }), "VOLUME " + volume);
    try (DockerProvider provider = provider(LIVES)) {
      ProviderException refused = assertThrows(ProviderException.class, () -> provider.create(launch(new WorkerShape(image, null, null, null))));
      assertEquals(Reason.IMAGE_ERROR, refused.reason());
      assertTrue(refused.getMessage().contains("declares a VOLUME " + volume), refused.getMessage());
    }
  }

  /// What fills the agent's volume.
  @Test
  void aBlankImageTakesAVolumeAndIsGoneAfterwards() throws Exception {
    String label = "hodei-it.blank=" + installation;
    BlankImage blank = BlankImage.of(volume, Map.of("hodei-it.blank", installation));
    String content = engine.call("fill a volume", Reason.START_FAILED, client -> {
      blank.load(client);
      blank.load(client);
      String filler = client.createContainerCmd(blank.name()).withCmd("none").withHostConfig(HostConfig.newHostConfig().withMounts(
          List.of(new Mount().withType(MountType.VOLUME).withSource(volume).withTarget("/hodei/agent")))).exec().getId();
      client.copyArchiveToContainerCmd(filler).withRemotePath("/hodei/agent").withTarInputStream(new ByteArrayInputStream(
          TarArchive.ofFiles(Map.of("file", "brought".getBytes(StandardCharsets.UTF_8))))).exec();
      byte[] seen = client.copyArchiveFromContainerCmd(filler, "/hodei/agent/file").exec().readAllBytes();
      client.removeContainerCmd(filler).exec();
      BlankImage.removeAll(client, label);
      return new String(seen, StandardCharsets.UTF_8);
    });
    assertTrue(content.contains("brought"), content);
    assertEquals("", Engine.said("docker", "images", "-q", "--filter", "label=" + label));
  }

  @Test
  void theSignalThatTheImageWouldBeStoppedWithIsNotTheAgents() throws Exception {
    String image = "hodei-it/stops:1";
    Engine.said("sh", "-c", "printf 'FROM " + Engine.IMAGE + "\\nSTOPSIGNAL SIGUSR1\\n' | DOCKER_BUILDKIT=0 docker build -q -t " + image + " -");
    assertEquals("SIGUSR1", Engine.said("docker", "inspect", "--format", "{{.Config.StopSignal}}", image).strip());
    try (DockerProvider provider = provider("echo up; " + LIVES)) {
      provider.create(launch(new WorkerShape(image, null, null, null)));
      assertEquals("SIGTERM", Engine.said("docker", "inspect", "--format", "{{.Config.StopSignal}}", "hodei-w1").strip());
      // Until its trap is set.
      while (!Engine.said("docker", "logs", "hodei-w1").contains("up")) {
        Thread.sleep(50);
      }
      long start = System.nanoTime();
      assertTrue(provider.destroy("w1", Duration.ofSeconds(40)).existed());
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "it was not asked");
    }
  }

  @Test
  void volumesAndPathsAreReadOnlyUnlessTheySayOtherwise() throws Exception {
    Files.writeString(folder.resolve("given"), "from the host");
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    Engine.said("docker", "volume", "create", volume);
    String host = "{\"host\":\"" + folder + "\",\"target\":\"/data\"}";
    String said = said("touch /data/x 2>/dev/null && echo writable; touch /ro/x 2>/dev/null && echo writable; cat /data/given; exit 3",
        tools("{\"mounts\":[" + host + ",{\"volume\":\"" + volume + "\",\"target\":\"/ro\"}]}"));
    assertTrue(said.endsWith("Its last line: \"from the host\""), said);
    try (DockerProvider provider = provider(LIVES)) {
      provider.destroy("w1", Duration.ZERO);
    }

    InspectContainerResponse.Mount rw = made("{\"mounts\":[{\"volume\":\"" + volume + "\",\"target\":\"/cache\",\"readOnly\":false}]}").getMounts().stream()
        .filter(mount -> volume.equals(mount.getName())).findFirst().orElseThrow();
    assertEquals(Boolean.TRUE, rw.getRW());
  }

  @Test
  void aVolumeOrAPathThatIsMissingIsNotMade() throws Exception {
    ProviderException missing = assertThrows(ProviderException.class, () -> made("{\"mounts\":[{\"volume\":\"" + volume + "\",\"target\":\"/cache\"}]}"));
    assertEquals(Reason.START_FAILED, missing.reason());
    assertTrue(missing.getMessage().contains("docker volume create " + volume), missing.getMessage());
    assertTrue(String.valueOf(missing.suggestedAction()).startsWith("Make the volume: docker volume create " + volume + ";"), missing.suggestedAction());
    assertEquals("", Engine.said("docker", "volume", "ls", "-q", "--filter", "name=" + volume));
    Path nowhere = folder.resolve("nowhere");
    ProviderException path = assertThrows(ProviderException.class, () -> made("{\"mounts\":[{\"host\":\"" + nowhere + "\",\"target\":\"/data\"}]}"));
    assertEquals(Reason.START_FAILED, path.reason());
    assertTrue(path.getMessage().contains("nowhere"), path.getMessage());
    assertTrue(String.valueOf(path.suggestedAction()).contains("mkdir -p " + nowhere + ";"), path.suggestedAction());
    assertTrue(Files.notExists(nowhere));
  }

  @Test
  void aMissingNetworkIsAFailedStart() {
    ProviderException missing = assertThrows(ProviderException.class, () -> made("{\"network\":\"it-nowhere\"}"));
    assertEquals(Reason.START_FAILED, missing.reason());
    assertTrue(missing.getMessage().contains("it-nowhere"), missing.getMessage());
    assertEquals("Make the network: docker network create it-nowhere; or correct providerConfig.docker.network of the job, or of its pool's template.", missing.suggestedAction());
  }

  @Test
  void aLimitOrADeviceThatTheMachineHasNotIsNamedInWhatToDo() {
    assertTrue(adviceOn(new WorkerShape(Engine.IMAGE, "1000", null, null)).startsWith("Ask for less than the 1000 CPUs in resources.cpu"));
    assertTrue(adviceOn(new WorkerShape(Engine.IMAGE, null, null, 7)).contains("leave out resources.gpu"));
  }

  private String adviceOn(WorkerShape shape) {
    try (DockerProvider provider = provider(LIVES)) {
      ProviderException refused = assertThrows(ProviderException.class,
          () -> provider.create(launch(shape)));
      assertEquals(Reason.START_FAILED, refused.reason(), refused.getMessage());
      return String.valueOf(refused.suggestedAction());
    }
  }

  @Test
  void hostsLimitsSharedMemoryAndLabelsAreAsAsked() throws Exception {
    InspectContainerResponse container = made("{\"network\":\"host\",\"extraHosts\":{\"db\":\"10.0.0.5\"},\"ulimits\":{\"nofile\":77},\"shmSize\":\"8Mi\","
        + "\"labels\":{\"team\":\"a\",\"hodei.io/worker-id\":\"another\"}}");
    HostConfig host = container.getHostConfig();
    assertEquals("host", host.getNetworkMode());
    assertEquals("[db:10.0.0.5]", java.util.Arrays.toString(host.getExtraHosts()));
    assertEquals(8L << 20, host.getShmSize());
    assertEquals("nofile 77 77", host.getUlimits()[0].getName() + " " + host.getUlimits()[0].getSoftLong() + " " + host.getUlimits()[0].getHardLong());
    assertEquals("a w1", container.getConfig().getLabels().get("team") + " " + container.getConfig().getLabels().get("hodei.io/worker-id"));
    assertEquals(Boolean.TRUE, host.getReadonlyRootfs());
    assertNotEquals(Boolean.TRUE, host.getPrivileged());
  }

  /// Where the machine itself may not give all capabilities, the container is there and does not start.
  @Test
  void aPrivilegedOneIsRoot() throws Exception {
    try (DockerProvider provider = provider(LIVES)) {
      provider.create(launch(tools("{\"privileged\":true}")));
    } catch (ProviderException e) {
      assertTrue(e.reason() == Reason.START_FAILED && e.getMessage().contains("unable to apply caps"), e.getMessage());
    }
    InspectContainerResponse container = engine.call("ask", Reason.PROVIDER_UNREACHABLE, client -> client.inspectContainerCmd("hodei-w1").exec());
    assertEquals("0:0", container.getConfig().getUser());
    assertEquals(Boolean.TRUE, container.getHostConfig().getPrivileged());
    assertNotEquals(Boolean.TRUE, container.getHostConfig().getReadonlyRootfs());
  }
}
