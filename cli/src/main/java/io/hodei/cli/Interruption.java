package io.hodei.cli;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Turns Ctrl-C and SIGTERM into a cancellation: the job is cancelled, its end is waited for, and the exit code is its. A
/// second Ctrl-C leaves at once. Runs as the JVM's shutdown hook, beside the main thread, which goes on writing output.
final class Interruption {
  private static final int SUBMIT_S = 10;
  private static final int END_S = 90;

  private final Call call;
  private final Api api;
  private final Thread hook = new Thread(this::cancel, "interruption");
  private final CompletableFuture<String> job = new CompletableFuture<>();
  private final CompletableFuture<Integer> code = new CompletableFuture<>();

  private Interruption(Call call, Api api) {
    this.call = call;
    this.api = api;
  }

  static Interruption arm(Call call, Api api) {
    Interruption interruption = new Interruption(call, api);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /// There is a job to cancel.
  void submitted(String jobId) {
    job.complete(jobId);
  }

  /// The main thread is through: there is nothing to cancel any more.
  void finished(int exitCode) {
    code.complete(exitCode);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The hook runs already, and takes the code from here.
    }
  }

  private void cancel() {
    if (code.isDone()) {
      return;
    }
    leaveOnSecondSignal();
    int exitCode = Failure.CANCELLED;
    try {
      if (call.world().errIsTerminal()) {
        call.tell("cancelling; Ctrl-C again leaves at once");
      }
      CompletableFuture.anyOf(job, code).get(SUBMIT_S, TimeUnit.SECONDS);
      if (job.isDone()) {
        request(job.get());
      }
      exitCode = code.get(END_S, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException | IOException e) {
      exitCode = Failure.CANCELLED;
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private void request(String jobId) throws IOException {
    try {
      Submission.send(api, "/v1/jobs/" + Api.escape(jobId) + "/cancel", null, null);
    } catch (Refused e) {
      if (e.status() != 409) {
        call.tell("Error: " + e.getMessage());
      }
    } catch (Failure e) {
      call.tell("Error: Expected to cancel job " + jobId + ", but " + e.getMessage());
      Runtime.getRuntime().halt(Failure.FAILED);
    }
  }

  /// By reflection, as sun.misc.Signal cannot be named without a warning; only here, as it takes 15 ms.
  private static void leaveOnSecondSignal() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object leave = Proxy.newProxyInstance(Interruption.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
        Runtime.getRuntime().halt(Failure.CANCELLED);
        return null;
      });
      signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance("INT"), leave);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return; // Then a second Ctrl-C changes nothing.
    }
  }
}
