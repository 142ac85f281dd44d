package io.hodei.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Which module may use which, over the compiled classes of all modules.
class ArrowsTest {
  /// The six services and the agent, by package.
  private static final Map<String, String> SERVICES = Map.of("job-api", "io.hodei.api", "dispatcher", "io.hodei.dispatcher", "lifecycle-service",
      "io.hodei.lifecycle", "gc-service", "io.hodei.gc", "audit-service", "io.hodei.audit", "worker-agent", "io.hodei.agent");

  private static JavaClasses hodei = new ClassFileImporter().importClasses();

  @BeforeAll
  static void read() {
    List<Path> folders = new ArrayList<>();
    for (String module : Checkout.modules()) {
      Path classes = Checkout.root().resolve(module).resolve("target/classes");
      if (Files.isDirectory(Checkout.root().resolve(module).resolve("src/main/java"))) {
        assertTrue(Files.isDirectory(classes), () -> "Expected " + module + " to be compiled, but there is no " + Checkout.name(classes)
            + "; run ./mvnw test-compile first");
        folders.add(classes);
      }
    }
    hodei = new ClassFileImporter().importPaths(folders);
    SERVICES.forEach((module, name) -> assertTrue(hodei.stream().anyMatch(type -> type.getPackageName().startsWith(name)),
        () -> "Expected classes of " + module + " in " + name + ", but found none"));
  }

  private static String[] of(String... names) {
    return java.util.Arrays.stream(names).map(name -> name + "..").toArray(String[]::new);
  }

  @Test
  void servicesNeverDependOnEachOther() {
    SERVICES.forEach((module, own) -> {
      String[] others = SERVICES.values().stream().filter(other -> !other.equals(own)).map(other -> other + "..").toArray(String[]::new);
      noClasses().that().resideInAPackage(own + "..").should().dependOnClassesThat().resideInAnyPackage(others).allowEmptyShould(true)
          .because("services meet on topics; what two of them need goes to schemas or a lib").check(hodei);
    });
  }

  @Test
  void libsNeverDependOnServices() {
    noClasses().that().resideInAnyPackage(of("io.hodei.domain", "io.hodei.kit", "io.hodei.providers", "io.hodei.schemas", "io.hodei.gateway"))
        .should().dependOnClassesThat().resideInAnyPackage(of("io.hodei.api", "io.hodei.dispatcher", "io.hodei.lifecycle", "io.hodei.gc",
            "io.hodei.audit", "io.hodei.agent", "io.hodei.cli", "io.hodei.standalone"))
        .because("a lib serves every service; pass in what it needs as an argument").check(hodei);
  }

  @Test
  void libsDoNotDependOnEachOtherButForSchemas() {
    noClasses().that().resideInAnyPackage(of("io.hodei.schemas", "io.hodei.gateway")).should().dependOnClassesThat()
        .resideInAnyPackage(of("io.hodei.kit", "io.hodei.domain", "io.hodei.providers")).because("schemas are what everybody says; they say nothing").check(hodei);
    noClasses().that().resideInAnyPackage(of("io.hodei.kit", "io.hodei.providers")).should().dependOnClassesThat()
        .resideInAnyPackage(of("io.hodei.domain")).because("decisions belong to the dispatcher; a lib that knows the domain would decide").check(hodei);
  }

  @Test
  void nobodyDependsOnTheLauncher() {
    noClasses().that().resideOutsideOfPackages(of("io.hodei.standalone")).should().dependOnClassesThat().resideInAnyPackage(of("io.hodei.standalone"))
        .because("standalone puts the services together; they do not know that it exists").check(hodei);
  }

  @Test
  void theHeartKnowsNothingButItself() {
    classes().that().resideInAPackage("io.hodei.domain..").should().onlyDependOnClassesThat().resideInAnyPackage("io.hodei.domain..",
            "org.jspecify..", "java.lang..", "java.math..", "java.nio", "java.nio.charset..", "java.security..", "java.time..", "java.util",
            "java.util.function..", "java.util.regex..", "java.util.stream..")
        .because("the heart is pure: values in, values out; files, sockets, threads and Kafka are the services' business").check(hodei);
  }

  @Test
  void theHeartAsksNoClockAndNoDice() {
    Set<String> asked = Set.of("java.time.Instant.now", "java.time.LocalDate.now", "java.time.LocalDateTime.now", "java.time.ZonedDateTime.now",
        "java.lang.System.currentTimeMillis", "java.lang.System.nanoTime", "java.util.UUID.randomUUID", "java.lang.Math.random");
    noClasses().that().resideInAPackage("io.hodei.domain..").should().callMethodWhere(DescribedPredicate.describe("asks for time or chance",
        (JavaCall<?> call) -> asked.contains(call.getTargetOwner().getName() + "." + call.getName())
            || call.getTargetOwner().getName().startsWith("java.time.Clock")))
        .because("time and ids are arguments, so that a decision can be repeated").check(hodei);
    noClasses().that().resideInAPackage("io.hodei.domain..").should().dependOnClassesThat().haveNameMatching("java\\.util\\.(Random|SplittableRandom)|java\\.time\\.Clock.*")
        .because("time and ids are arguments, so that a decision can be repeated").check(hodei);
  }

  @Test
  void onlyTheDispatcherDecides() {
    noClasses().that().resideOutsideOfPackages(of("io.hodei.domain", "io.hodei.dispatcher", "io.hodei.simulation")).should().dependOnClassesThat()
        .haveNameMatching("io\\.hodei\\.domain\\.(Shard|JobDecisions|WorkerDecisions|JobEvolution|WorkerEvolution)")
        .because("there is one writer of job and worker state; others validate requests with the domain and ask on topics; the simulator lets it decide").check(hodei);
  }

  @Test
  void onlyLifecycleTouchesInfrastructure() {
    noClasses().that().resideOutsideOfPackages(of("io.hodei.providers", "io.hodei.lifecycle", "io.hodei.standalone", "io.hodei.simulation")).should().dependOnClassesThat()
        .resideInAnyPackage(of("io.hodei.providers"))
        .because("lifecycle-service creates and destroys; standalone only sweeps up in `down` and `status`; everybody else asks on a topic; the simulator has a provider of its own").check(hodei);
  }

  @Test
  void theAgentIsSmall() {
    noClasses().that().resideInAPackage("io.hodei.agent..").should().dependOnClassesThat(DescribedPredicate.describe("belong to Kafka, Avro, Jackson or a service's kit",
        (JavaClass type) -> type.getName().matches("(org\\.apache\\.(kafka|avro)|com\\.fasterxml|io\\.hodei\\.(kit|schemas|domain)|io\\.helidon|org\\.slf4j)\\..*")))
        .because("an agent starts once per job: every jar costs each job milliseconds; it talks gRPC to the gateway").check(hodei);
  }

  @Test
  void onlyAuditSpeaksSql() {
    noClasses().that().resideOutsideOfPackages(of("io.hodei.audit", "io.hodei.standalone", "io.hodei.testkit")).should().dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
        .because("Postgres is a projection that may be down; nobody may need it to decide, act or answer").check(hodei);
  }
}
