package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// From an assignment to a process, or to the reason why there is none. Run's thread; nothing is executed unless
/// [Started] is returned.
sealed interface Launch {

  record Started(Process process, FileInputStream stdout, FileInputStream stderr) implements Launch {}

  record Failed(Outcome outcome) implements Launch {}

  Pattern ERRNO = Pattern.compile("error[:=] ?(\\d+)");
  int ENOENT = 2;
  int E2BIG = 7;
  int EACCES = 13;

  static Launch of(Assignment job, WorkerFile worker, Map<String, String> agentEnv) {
    try {
      return prepared(job, worker, agentEnv);
    } catch (IOException e) {
      return new Failed(Outcome.brokenWorker("Expected to prepare the scratch directory, but " + e, "Look at the disk of the worker's machine."));
    }
  }

  private static Launch prepared(Assignment job, WorkerFile worker, Map<String, String> agentEnv) throws IOException {
    var scratch = worker.scratch();
    var env = JobEnvironment.of(job, worker, agentEnv, Files.createDirectories(scratch.resolve("tmp")));
    for (var name : env.keySet()) {
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || env.get(name).indexOf('\0') >= 0) {
        return failed("Expected environment names without = and NUL, and values without NUL, but \"" + name.replace('\0', '?') + "\" is not so", "Correct the job's env.");
      }
    }
    Path workdir;
    if (job.getWorkdir().isEmpty()) {
      workdir = Files.createDirectories(scratch.resolve("work"));
    } else if (job.getWorkdir().indexOf('\0') >= 0 || !job.getWorkdir().startsWith("/")) {
      return failed("Expected an absolute workdir, but it is \"" + job.getWorkdir().replace('\0', '?') + "\"", "Give the job an absolute workdir.");
    } else {
      workdir = null;
    }
    var command = JobCommand.of(job, scratch);
    if (command.isEmpty()) {
      return failed("Expected a command or a script, but the job has neither", "Give the job a command.");
    }
    if (command.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
      return failed("Expected arguments without NUL, but one has it", "Correct the job's command.");
    }
    if (!readsUtf8() && !(ascii(command) && ascii(env.values()) && ascii(env.keySet()) && ascii(List.of(job.getWorkdir())))) {
      return new Failed(Outcome.brokenWorker(
          "Expected an agent that runs in a UTF-8 locale, for this job has characters beyond ASCII, but it does not", "Start the agent with LC_ALL=C.UTF-8."));
    }
    if (workdir == null) {
      workdir = Path.of(job.getWorkdir());
      if (!Files.isDirectory(workdir)) {
        return failed("Expected the workdir " + workdir + " to be a directory, but it is not there", "Make the directory on the worker's machine, or give the job another workdir.");
      }
      if (!Files.isExecutable(workdir)) {
        return failed("Expected to enter the workdir " + workdir + ", but the permission is missing", "Change its permissions, or give the job another workdir.");
      }
    }
    return switch (Executable.find(command.getFirst(), workdir, env.getOrDefault("PATH", ""))) {
      case Executable.Found found -> execute(scratch, argv(command, found, workdir, agentEnv), workdir, env);
      case Executable.NotExecutable other -> new Failed(Outcome.notExecutable(126,
          "Expected \"" + command.getFirst() + "\" to be an executable file, but " + other.path() + " is not", "Make it executable: chmod +x " + other.path()));
      case Executable.Missing _ -> new Failed(Outcome.notExecutable(127,
          "Expected an executable \"" + command.getFirst() + "\"" + (command.getFirst().indexOf('/') >= 0 ? " in " + workdir : " on PATH") + ", but there is none",
          "Correct the command, or install the program where the worker runs."));
    };
  }

  /// argv[0] stays as the job has it when Java, which searches the agent's PATH, finds the same file.
  private static List<String> argv(List<String> command, Executable.Found found, Path workdir, Map<String, String> agentEnv) {
    var agentPath = agentEnv.get("PATH");
    if (agentPath != null && found.equals(Executable.find(command.getFirst(), workdir, agentPath))) {
      return command;
    }
    var argv = new ArrayList<>(command);
    argv.set(0, found.path());
    return argv;
  }

  private static Launch execute(Path scratch, List<String> argv, Path workdir, Map<String, String> env) throws IOException {
    try (var stdout = OutputPipe.open(scratch.resolve("stdout")); var stderr = OutputPipe.open(scratch.resolve("stderr"))) {
      var builder = new ProcessBuilder(argv)
          .directory(workdir.toFile())
          .redirectInput(Redirect.from(new File("/dev/null")))
          .redirectOutput(Redirect.to(stdout.forTheJob()))
          .redirectError(Redirect.to(stderr.forTheJob()));
      builder.environment().clear();
      builder.environment().putAll(env);
      try {
        return new Started(builder.start(), stdout.reader(), stderr.reader());
      } catch (IOException e) {
        stdout.reader().close();
        stderr.reader().close();
        return new Failed(refused(argv.getFirst(), e));
      }
    }
  }

  private static Outcome refused(String program, IOException e) {
    var text = String.valueOf(e.getMessage());
    var errno = ERRNO.matcher(text);
    return switch (errno.find() ? Integer.parseInt(errno.group(1)) : 0) {
      case ENOENT -> Outcome.notExecutable(127, "Expected the interpreter that " + program + " names in its first line, but there is none", "Correct the first line (#!), or install the interpreter.");
      case EACCES -> Outcome.notExecutable(126, "Expected to execute " + program + ", but the permission is missing", "Change its permissions, or those of its interpreter.");
      case E2BIG -> Outcome.notExecutable(126, "Expected arguments and environment that the system accepts, but they are too long", "Pass the data by a file.");
      default -> Outcome.brokenWorker("Expected to execute " + program + ", but " + text, "Look at the limits of the worker's machine.");
    };
  }

  private static Failed failed(String message, String action) {
    return new Failed(Outcome.misconfigured(message, action));
  }

  private static boolean readsUtf8() {
    return "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
  }

  private static boolean ascii(Iterable<String> texts) {
    for (var text : texts) {
      if (text.chars().anyMatch(c -> c > 127)) {
        return false;
      }
    }
    return true;
  }
}
