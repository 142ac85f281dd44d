package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.hodei.providers.ProviderException.Reason;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What only pods have, on a mock API server. What every provider does is in [KubernetesConformanceTest].
@Timeout(60)
class KubernetesProviderTest {
  private static final WorkerTerms OF_A = new WorkerTerms("a", Duration.ofMinutes(12), Duration.ofMinutes(5));

  @AutoClose
  private final MockCluster cluster = new MockCluster();
  private final List<WorkerProvider> opened = new ArrayList<>();

  KubernetesProviderTest() throws Exception {}

  @AfterEach
  void close() {
    opened.forEach(WorkerProvider::close);
  }

  private KubernetesProvider provider() {
    KubernetesProvider provider = new KubernetesProvider(KubernetesConformanceTest.site("it-1"), cluster.api());
    opened.add(provider);
    return provider;
  }

  private static WorkerLaunch launch(String id) {
    return launch(id, WorkerTerms.NONE);
  }

  private static WorkerLaunch launch(String id, WorkerTerms terms) {
    return new WorkerLaunch(id, "boxes", URI.create("http://10.0.0.1:8090"), "secret-of-" + id, new WorkerShape("busybox", null, null, null), terms);
  }

  private List<Secret> secrets() {
    return cluster.back.secrets().inAnyNamespace().list().getItems();
  }

  @Test
  void theTokenIsInASecretThatThePodOwnsAndNowhereElse() throws Exception {
    CreatedWorker created = provider().create(launch("w1"));

    Pod pod = cluster.pod(created.providerRef());
    Secret secret = secrets().getFirst();
    assertFalse(io.fabric8.kubernetes.client.utils.Serialization.asYaml(pod).contains("secret-of"), "the pod tells the token");
    assertEquals(List.of("Pod/hodei-w1/" + pod.getMetadata().getUid()), secret.getMetadata().getOwnerReferences().stream()
        .map(owner -> owner.getKind() + "/" + owner.getName() + "/" + owner.getUid()).toList());
    assertEquals("hodei-w1", secret.getMetadata().getName().substring(0, 8));
    assertTrue(String.valueOf(secret.getStringData()).contains("token=secret-of-w1"), "the agent is not told its token");
  }

  @Test
  void aSecretWithoutAPodIsOfACreationThatWasCutAndIsMadeAnew() throws Exception {
    KubernetesPods pods = new KubernetesPods(KubernetesConformanceTest.site("it-1"), new KubernetesNames("it-1"));
    cluster.back.resource(pods.secret(new WorkerLaunch("w1", "boxes", URI.create("http://10.0.0.1:8090"), "old", WorkerShape.NONE), KubernetesOptions.of(WorkerShape.NONE))).create();

    CreatedWorker created = provider().create(launch("w1"));

    assertFalse(created.adopted());
    assertTrue(String.valueOf(secrets().getFirst().getStringData()).contains("token=secret-of-w1"));
  }

  @Test
  void aPodWhoseAnswerWasLostIsFoundAndHasItsToken() throws Exception {
    cluster.lost.set(1);
    CreatedWorker created = provider().create(launch("w1"));

    Pod pod = cluster.pod(created.providerRef());
    assertEquals(pod.getMetadata().getUid(), secrets().getFirst().getMetadata().getOwnerReferences().getFirst().getUid());
    assertTrue(String.valueOf(secrets().getFirst().getStringData()).contains("token=secret-of-w1"));
  }

  @Test
  void ofAPodThatTheApiRefusesNoSecretIsLeft() throws Exception {
    cluster.back.resource(new PodBuilder().withNewMetadata().withName("hodei-w1").withNamespace("jobs").endMetadata().withNewSpec().endSpec().build()).create();
    assertEquals(Reason.PROVISION_FAILED, assertThrows(ProviderException.class, () -> provider().create(launch("w1"))).reason());
    assertEquals(List.of(), secrets());
  }

  // proves: lie:1, lie:8, contract:infra-labels
  @Test
  void aTenantsWorkersAreInItsNamespaceAndAreListedAndDestroyedThere() throws Exception {
    KubernetesProvider provider = provider();
    CreatedWorker created = provider.create(launch("w1", OF_A));

    Pod pod = cluster.pod(created.providerRef());
    assertTrue(created.providerRef().startsWith("jobs-of-a/hodei-w1@"), created.providerRef());
    assertEquals("300", pod.getMetadata().getAnnotations().get("hodei.io/ttl-after-finished"));
    assertEquals(720, pod.getSpec().getActiveDeadlineSeconds());
    assertEquals(List.of("w1"), provider.inventory().items().stream().map(WorkerItem::workerId).toList());
    assertTrue(provider.destroy("w1", Duration.ZERO).existed());
    assertNull(cluster.pod(created.providerRef()));
    assertEquals(List.of(), secrets());
  }

  @Test
  void aListingIsWholeHoweverManyPagesItHas() throws Exception {
    KubernetesProvider provider = provider();
    cluster.pageSize = 2;
    for (int i = 0; i < 5; i++) {
      provider.create(launch("w" + i));
    }
    assertEquals(List.of("w0", "w1", "w2", "w3", "w4"), provider.inventory().items().stream().map(WorkerItem::workerId).sorted().toList());
    assertTrue(cluster.asked().stream().anyMatch(each -> each.contains("continue=4")), String.valueOf(cluster.asked()));
  }

  @Test
  void whateverCarriesAWorkersLabelsIsListedAndDestroyedWhateverItsName() throws Exception {
    KubernetesProvider provider = provider();
    cluster.back.resource(new PodBuilder().withNewMetadata().withName("stray").withNamespace("jobs").withLabels(new KubernetesNames("it-1").labels("w9", "boxes"))
        .endMetadata().withNewSpec().endSpec().build()).create();
    cluster.back.resource(new PodBuilder().withNewMetadata().withName("hostile").withNamespace("jobs").withLabels(new KubernetesNames("it-1").labels("_", "boxes"))
        .endMetadata().withNewSpec().endSpec().build()).create();
    List<String> found = provider.inventory().items().stream().map(WorkerItem::workerId).sorted().toList();
    assertEquals("w9", found.getLast());
    assertTrue(found.getFirst().startsWith("unsafe-"), found.getFirst());
    for (String each : found) {
      assertTrue(provider.destroy(each, Duration.ZERO).existed());
    }
    assertEquals(List.of(), provider.inventory().items());
  }

  @Test
  void nothingIsTakenFromTheApiBeforeItsNodeHasSaidThatItIsGone() throws Exception {
    KubernetesProvider provider = provider();
    provider.create(launch("w1"));
    provider.destroy("w1", Duration.ZERO);
    assertFalse(cluster.graces().contains(0L), "a pod was forgotten while it may have run: " + cluster.graces());
    assertNotEquals(List.of(), cluster.graces());
  }

  @Test
  void aPodWhoseNodeHasSaidThatAllOfItEndedIsTakenFromTheApiAtOnce() throws Exception {
    KubernetesProvider provider = provider();
    Pod pod = cluster.pod(provider.create(launch("w1")).providerRef());
    cluster.status(pod, cluster.ended(pod));
    assertTrue(provider.destroy("w1", Duration.ofSeconds(30)).existed());
    assertEquals(List.of(0L), cluster.graces());
  }

  @Test
  void aPodIsTakenFromTheApiWhenItsNodeSaysAfterTheAskingThatAllOfItEnded() throws Exception {
    cluster.tidies = false;
    KubernetesProvider provider = provider();
    provider.create(launch("w1"));
    assertTrue(provider.destroy("w1", Duration.ofSeconds(5)).existed());
    assertEquals(List.of(5L, 0L), cluster.graces());
  }

  @Test
  void aPodThatIsBeingRemovedIsNotAdopted() throws Exception {
    cluster.startsPods = false;
    KubernetesProvider provider = provider();
    CreatedWorker created = provider.create(launch("w1"));
    cluster.back.pods().inNamespace("jobs").withName("hodei-w1").edit(pod -> {
      pod.getMetadata().setFinalizers(List.of("example.org/keep"));
      return pod;
    });
    cluster.back.pods().inNamespace("jobs").withName("hodei-w1").delete();
    assertEquals(Reason.PROVISION_FAILED, assertThrows(ProviderException.class, () -> provider.create(launch("w1"))).reason());
    assertTrue(cluster.pod(created.providerRef()) != null);
  }

  @Test
  void aWatchThatTheApiHasForgottenIsBegunAnew() throws Exception {
    KubernetesProvider provider = provider();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    cluster.gone.set(3);
    provider.watch(exits::add);
    CreatedWorker created = provider.create(launch("w1"));
    while (cluster.gone.get() > 0 || cluster.watches() < 5) {
      Thread.sleep(20);
    }
    cluster.end(cluster.pod(created.providerRef()), "Failed", 1, "Error");
    WorkerExit exit = exits.poll(2, TimeUnit.SECONDS);
    assertEquals(AgentEnd.EXPECTED + "it ended with exit code 1.", exit == null ? "nothing was told" : exit.message());
  }

  @Test
  void aPodForWhichNoNodeIsFoundIsGivenUpInTimeAndNotBefore() throws Exception {
    cluster.startsPods = false;
    KubernetesProvider provider = provider();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    CreatedWorker created = provider.create(launch("w1"));
    cluster.status(cluster.pod(created.providerRef()), new PodStatusBuilder().withPhase("Pending").addToConditions(new PodConditionBuilder().withType("PodScheduled")
        .withStatus("False").withReason("Unschedulable").withMessage("0/3 nodes are available: 3 Insufficient cpu.").withLastTransitionTime(Instant.now().toString())
        .build()).build());
    assertNull(exits.poll(1, TimeUnit.SECONDS));
    WorkerExit exit = exits.poll(15, TimeUnit.SECONDS);
    assertEquals(WorkerExit.Reason.PROVISION_FAILED, exit == null ? null : exit.reason());
    assertTrue(String.valueOf(exit).contains("3 Insufficient cpu"), String.valueOf(exit));
  }
}
