package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.DockerSite.Pull;
import io.hodei.providers.ProviderException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Images of a registry that asks for a login, fetched by a real engine.
@EnabledIf("io.hodei.providers.Engine#isWanted")
@Timeout(120)
class DockerImagesIT {
  private static final String PASSWORD = "s3cret-of-the-registry";

  @TempDir
  private Path folder = Path.of("set by JUnit");
  private final DockerEngine engine = new DockerEngine(null);
  private StubRegistry registry;

  @BeforeEach
  void serve() throws Exception {
    registry = new StubRegistry(Engine.root(), "ann", PASSWORD);
  }

  @AfterEach
  void remove() throws Exception {
    Engine.said("docker", "rmi", "-f", registry.image());
    registry.close();
    engine.close();
  }

  private DockerImages images(Pull pull, String password) throws Exception {
    String auth = Base64.getEncoder().encodeToString(("ann:" + password).getBytes(StandardCharsets.UTF_8));
    String address = registry.image().substring(0, registry.image().indexOf('/'));
    Path file = Files.writeString(folder.resolve("config.json"), "{\"auths\":{\"" + address + "\":{\"auth\":\"" + auth + "\"}}}");
    return new DockerImages(engine, pull, new RegistryLogins(file));
  }

  @Test
  void theOperatorsLoginFetchesIt() throws Exception {
    assertEquals(List.of("FROM=registry"), images(Pull.MISSING, PASSWORD).configOf(registry.image()).environment());
    registry.close();
    assertEquals(List.of("FROM=registry"), images(Pull.MISSING, "no matter").configOf(registry.image()).environment());
    assertEquals(List.of("FROM=registry"), images(Pull.NEVER, "no matter").configOf(registry.image()).environment());
    ProviderException away = assertThrows(ProviderException.class, () -> images(Pull.ALWAYS, PASSWORD).configOf(registry.image()));
    assertEquals(Reason.IMAGE_ERROR, away.reason());
  }

  // proves: invariant:I11
  @Test
  void whoMayNotIsToldWhereALoginGoesAndNotWhichOneWasTried() throws Exception {
    for (String password : new String[] {"wrong-one", ""}) {
      ProviderException refused = assertThrows(ProviderException.class, () -> images(Pull.MISSING, password).configOf(registry.image()));
      assertEquals(Reason.IMAGE_ERROR, refused.reason());
      assertTrue(refused.getMessage().contains("hodei.docker.registry-config"), refused.getMessage());
      assertFalse(refused.getMessage().contains("wrong-one"), refused.getMessage());
      assertEquals(refused.getMessage().lastIndexOf("Expected"), refused.getMessage().indexOf("Expected"), refused.getMessage());
      assertEquals("Correct its name, or bring it there: docker pull " + registry.image() + ".", refused.suggestedAction());
    }
  }

  @Test
  void whatMayNotBeFetchedIsNot() {
    ProviderException never = assertThrows(ProviderException.class, () -> images(Pull.NEVER, PASSWORD).configOf(registry.image()));
    assertTrue(never.getMessage().contains("hodei.docker.pull is never"), never.getMessage());
  }
}
