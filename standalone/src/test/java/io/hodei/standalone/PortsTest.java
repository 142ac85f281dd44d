package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  private static final Set<Port> NONE = EnumSet.noneOf(Port.class);

  @Test
  void theDefaultsAreTakenWhenFree() {
    Ports ports = Ports.choose(Map.of(), OptionalInt.empty(), NONE, 0, port -> true);

    assertEquals(8080, ports.of(Port.API));
    assertEquals(9092, ports.of(Port.KAFKA));
    assertEquals(15432, ports.of(Port.POSTGRES));
    assertEquals(8081, ports.of(Port.REGISTRY));
    assertEquals(List.of(), ports.replaced());
  }

  @Test
  void aBusyDefaultIsReplacedAndNamed() {
    Ports ports = Ports.choose(Map.of(), OptionalInt.empty(), NONE, 0, port -> port != 8080);

    assertEquals(8180, ports.of(Port.API));
    assertEquals(List.of("port 8080 is busy: api takes 8180"), ports.replaced());
  }

  @Test
  void noPortIsGivenTwice() {
    Ports ports = Ports.choose(Map.of(), OptionalInt.of(9092), NONE, 7, port -> port > 9000);

    assertEquals(9092, ports.of(Port.API));
    assertEquals(Port.values().length, new HashSet<>(ports.chosen().values()).size());
  }

  @Test
  void aRecordedPortIsKept() {
    Ports ports = Ports.choose(Map.of(Port.API, 8480), OptionalInt.empty(), NONE, 0, port -> true);

    assertEquals(8480, ports.of(Port.API));
  }

  @Test
  void aPortThatOurOwnRunningProcessHoldsIsNotBusy() {
    Ports ports = Ports.choose(Map.of(), OptionalInt.empty(), EnumSet.of(Port.KAFKA), 0, port -> port != 9092);

    assertEquals(9092, ports.of(Port.KAFKA));
  }

  @Test
  void aPortAskedForByNameIsNeverReplaced() {
    String refusal = assertThrows(StandaloneException.class, () ->
        Ports.choose(Map.of(), OptionalInt.of(8080), NONE, 0, port -> port != 8080)).getMessage();

    assertEquals("Expected port 8080 to be free, but another program has it; stop that, or give another one with --port.", refusal);
  }

  @Test
  void withoutAnyFreePortTheErrorNamesThePart() {
    String refusal = assertThrows(StandaloneException.class, () ->
        Ports.choose(Map.of(), OptionalInt.empty(), NONE, 0, port -> false)).getMessage();

    assertTrue(refusal.contains("a free port for api"), refusal);
  }

  @Test
  void whatWasChosenIsFoundAtTheNextStart(@TempDir Path temporary) throws Exception {
    DataDirectory directory = new DataDirectory(temporary.resolve("data"));
    directory.prepare();
    Map<Port, Integer> first = new EnumMap<>(Ports.choose(directory, OptionalInt.empty(), NONE).chosen());

    assertEquals(first, Ports.choose(directory, OptionalInt.empty(), EnumSet.allOf(Port.class)).chosen());
  }

  @Test
  void anAbsurdRecordIsIgnored(@TempDir Path temporary) throws Exception {
    DataDirectory directory = new DataDirectory(temporary.resolve("data"));
    directory.prepare();
    Files.writeString(directory.ports(), "{\"API\":99999,\"KAFKA\":\"x\",\"GC\":-1}");

    Ports ports = Ports.choose(directory, OptionalInt.empty(), EnumSet.allOf(Port.class));

    assertEquals(8080, ports.of(Port.API));
    assertEquals(9092, ports.of(Port.KAFKA));
  }
}
