package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// The training run of the AOT cache: the real agent, one short job, a stand-in gateway in the same JVM. The build
/// runs it with `-XX:AOTCacheOutput`; it exits normally, for only then is the cache written.
final class AotTraining {
  private AotTraining() {}

  public static void main(String[] args) throws IOException {
    var scratch = Files.createTempDirectory("hodei-aot");
    int code;
    try {
      code = train(scratch);
    } finally {
      try (var files = Files.walk(scratch)) {
        files.sorted(Comparator.reverseOrder()).forEach(AotTraining::delete);
      }
    }
    System.exit(code);
  }

  private static int train(Path scratch) throws IOException {
    // Output on both streams, an unfinished line, a heartbeat, a daemon left behind, a failure: the usual classes.
    var job = Assignment.newBuilder()
        .setJobId("training").setAttempt(1).setEpoch(1).setCorrelationId("training")
        .addCommand("sh").addCommand("-c").addCommand("echo out; echo err >&2; printf part; sleep 0.2; sleep 60 & exit 3")
        .putEnv("TRAINING", "yes").setTimeoutMs(20_000).setGracefulTerminationMs(1_000).build();
    try (var gateway = new StandInGateway(job)) {
      var file = scratch.resolve("worker");
      Files.writeString(file, "workerId=training\ninstallationId=training\ngateway=" + gateway.uri() + "\ntoken=training\nscratch=" + scratch + "\n");
      int code = Main.run(new String[] {file.toString()});
      var end = gateway.end();
      if (code != 0 || end == null || end.getExitCode() != 3) {
        System.err.println("Expected the training job to end with exit code 3, but the agent ended with " + code + " and reported " + end);
        return 1;
      }
      return 0;
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
