package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Prints how long a packaged agent takes, with and without its cache. Run by hand: `Measure <agent-dir> [flags]`.
final class Measure {
  private Measure() {}

  public static void main(String[] args) throws Exception {
    var directory = Path.of(args[0]);
    var extra = List.of(args).subList(1, args.length);
    noOp("with cache", AgentProcess.packaged(directory, true), extra);
    if (extra.isEmpty()) noOp("without", AgentProcess.packaged(directory, false), extra);
    if (extra.isEmpty()) throughput("binary", "head -c 100000000 /dev/urandom", AgentProcess.packaged(directory, true));
    if (extra.isEmpty()) throughput("80-byte lines", "yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678 | head -c 100000000", AgentProcess.packaged(directory, true));
    if (extra.isEmpty()) throughput("2-byte lines", "yes | head -c 20000000", AgentProcess.packaged(directory, true));
    if (extra.isEmpty()) throughput("no newline", "head -c 100000000 /dev/zero", AgentProcess.packaged(directory, true));
  }

  private static void noOp(String label, List<String> jvm, List<String> extra) throws Exception {
    var command = new java.util.ArrayList<>(jvm);
    command.addAll(1, extra);
    var startMs = new double[12];
    var endMs = new double[12];
    var cpu = new double[12];
    for (int i = 0; i < startMs.length; i++) {
      var scratch = Files.createTempDirectory("measure");
      try (var gateway = new FakeGateway(Assignment.newBuilder().setJobId("j").setAttempt(1).setEpoch(1).addCommand("true").build())) {
        long begun = System.nanoTime();
        try (var agent = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN, command)) {
          gateway.awaitEnd();
          endMs[i] = (System.nanoTime() - begun) / 1e6;
          startMs[i] = (gateway.startNanos - begun) / 1e6;
          var stat = Files.readString(Path.of("/proc/" + agent.process().pid() + "/stat")).split("\\) ")[1].split(" ");
          cpu[i] = (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / 100.0;
        }
      }
    }
    Arrays.sort(startMs);
    Arrays.sort(endMs);
    Arrays.sort(cpu);
    System.out.printf("%s: Start received after %.0f ms (best %.0f), end after %.0f ms, CPU %.2f s (medians)%n", label, startMs[6], startMs[0], endMs[6], cpu[6]);
  }

  private static void throughput(String label, String script, List<String> jvm) throws Exception {
    var scratch = Files.createTempDirectory("measure");
    try (var gateway = new FakeGateway(Assignment.newBuilder().setJobId("j").setAttempt(1).setEpoch(1).addCommand("sh").addCommand("-c").addCommand(script).build())) {
      long begun = System.nanoTime();
      try (var agent = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN, jvm)) {
        var end = gateway.awaitEnd();
        var rss = Files.readAllLines(Path.of("/proc/" + agent.process().pid() + "/status")).stream().filter(l -> l.startsWith("VmHWM")).findFirst().orElseThrow();
        System.out.printf("%s: %d bytes, %d entries in %.1f s, %s%n", label, end.getLog().getBytes(), end.getLog().getLines(), (System.nanoTime() - begun) / 1e9, rss);
      }
    }
  }
}
