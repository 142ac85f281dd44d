package io.hodei.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

/// BACKWARD_TRANSITIVE: today's schemas read what any released version wrote. A release copies `src/main/avro` to
/// `src/test/resources/released/VERSION`; those copies are never changed.
// proves: contract:topics
class CompatibilityTest {
  private static final Path RELEASED = Path.of("src/test/resources/released");

  @Test
  void todaysSchemasReadEveryReleasedVersion() throws IOException {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    try (Stream<Path> files = Files.walk(RELEASED)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".avsc")).sorted().toList()) {
        Schema written = parse(file);
        Path today = Path.of("src/main/avro").resolve(file.getFileName());
        assertTrue(Files.exists(today), () -> "Expected " + today + ", since it was released, but it is gone; old records could not be read");
        var result = SchemaCompatibility.checkReaderWriterCompatibility(parse(today), written);
        if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
          broken.add(file + ": " + result.getResult().getIncompatibilities());
        }
        checked++;
      }
    }
    assertEquals(List.of(), broken, "released schemas that today's cannot read; give new fields a default, and never change a type");
    assertTrue(checked >= Topic.withSchema().size(), "every subject has a released version");
  }

  @Test
  void theGeneratedClassesAreThoseOfTheFiles() throws IOException {
    for (Topic topic : Topic.withSchema()) {
      assertEquals(parse(Path.of("src/main/avro", topic.schema().getName() + ".avsc")).getFullName(), topic.schema().getFullName());
    }
  }

  private static Schema parse(Path file) throws IOException {
    return new Schema.Parser().parse(Files.readString(file));
  }
}
