package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The whole environment of a job: four defaults, what the image of its container says, the job's own variables, and four names that nobody overrides.
/// Nothing else of the agent's environment gets through.
final class JobEnvironment {
  private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private JobEnvironment() {}

  static Map<String, String> of(Assignment job, WorkerFile worker, Map<String, String> agentEnv, Path tmp) {
    var env = new HashMap<String, String>();
    var base = worker.container() ? worker.environment() : agentEnv;
    env.put("PATH", base.getOrDefault("PATH", USUAL_PATH));
    env.put("HOME", base.getOrDefault("HOME", worker.container() ? worker.scratch().toString() : System.getProperty("user.home", "/")));
    env.put("LANG", base.getOrDefault("LANG", "C.UTF-8"));
    env.putAll(worker.environment());
    env.put("TMPDIR", tmp.toString());
    env.putAll(job.getEnvMap());
    env.put("HODEI_JOB_ID", job.getJobId());
    env.put("HODEI_ATTEMPT", Integer.toString(job.getAttempt()));
    env.put("HODEI_WORKER_ID", worker.workerId());
    env.put("HODEI_INSTALLATION_ID", worker.installationId());
    return env;
  }
}
