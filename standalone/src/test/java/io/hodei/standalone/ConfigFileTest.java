package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.InstallationId;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir
  private Path temporary = Path.of("set by JUnit");
  private DataDirectory directory = new DataDirectory(temporary);

  @BeforeEach
  void prepare() {
    directory = new DataDirectory(temporary.resolve("data \"with\" \\ oddities"));
    directory.prepare();
  }

  @Test
  void theServicesReadWhatWasChosen() throws Exception {
    Settings settings = write(ports(9192));

    assertEquals("127.0.0.1:9192", settings.text(Key.KAFKA_BOOTSTRAP));
    assertEquals(directory.root().toString(), settings.text(Key.DATA_DIR));
    assertEquals("http://127.0.0.1:8080", settings.text(Key.API_URL));
    assertEquals(48, settings.text(Key.AUDIT_PASSWORD).length());
  }

  @Test
  void theInstallationIdComesFromTheClusterIdAndStays() throws Exception {
    String first = write(ports(9092)).text(Key.INSTALLATION_ID);

    assertEquals(InstallationId.ofCluster(Broker.clusterId(directory.kafka())), first);
    assertTrue(first.matches("[0-9a-f]{12}"), first);
    assertEquals(first, write(ports(9192)).text(Key.INSTALLATION_ID));
  }

  @Test
  void aPersonsKeysAreKeptAndOursAreNot() throws Exception {
    Files.writeString(directory.config(), "hodei:\n  gc:\n    interval: 7s\n    port: 1\n");

    Settings settings = write(ports(9092));

    assertEquals("7s", settings.text(Key.GC_INTERVAL));
    assertEquals(8092, settings.number(Key.GC_PORT));
  }

  @Test
  void anUnknownKeyIsRefusedWithItsFile() throws Exception {
    Files.writeString(directory.config(), "hodei.gc.intervall: 7s\n");

    String refusal = assertThrows(StandaloneException.class, () -> write(ports(9092))).getMessage();

    assertTrue(refusal.contains("hodei.gc.intervall"), refusal);
    assertTrue(refusal.contains("hodei.yaml"), refusal);
  }

  @Test
  void whatIsNoYamlIsRefusedWithItsFile() throws Exception {
    Files.writeString(directory.config(), "a: b: c: {");

    String refusal = assertThrows(StandaloneException.class, () -> write(ports(9092))).getMessage();

    assertTrue(refusal.contains("mend or remove it"), refusal);
  }

  @Test
  void theFileHoldsPasswordsAndIsReadByItsOwnerOnly() throws Exception {
    write(ports(9092));

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.config())));
  }

  private Settings write(Ports ports) throws Exception {
    return ConfigFile.write(directory, ports, new Distribution(temporary.resolve("dist")), Optional.empty());
  }

  private static Ports ports(int kafka) {
    Map<Port, Integer> chosen = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      chosen.put(port, port.standard());
    }
    chosen.put(Port.KAFKA, kafka);
    return new Ports(chosen, List.of());
  }
}
