package io.hodei.kit;

/// Every configuration key of Hodei, with its kind, default and meaning. The table in the docs is generated from here.
///
/// The environment variable of a key is its name in capitals with `.` and `-` as `_`.
public enum Key {
  INSTALLATION_ID("hodei.installation-id", Kind.TEXT, "", "Marks what is ours on shared infrastructure. Empty: 12 hex of the SHA-256 of the Kafka cluster id."),
  DATA_DIR("hodei.data-dir", Kind.TEXT, "", "Where this machine keeps files. Empty: the service keeps none."),
  KAFKA_BOOTSTRAP("hodei.kafka.bootstrap-servers", Kind.TEXT, "127.0.0.1:9092", "Kafka brokers, host:port, comma separated."),
  KAFKA_REPLICATION("hodei.kafka.replication-factor", Kind.NUMBER, "1", "Replicas of the topics that are created; -1: the broker's default."),
  KAFKA_SERIALIZER("hodei.kafka.value-serializer", Kind.TEXT, "io.hodei.kit.RegistrySerializer", "Class that writes values in the Confluent wire format."),
  KAFKA_DESERIALIZER("hodei.kafka.value-deserializer", Kind.TEXT, "io.hodei.kit.RegistryDeserializer", "Class that reads them."),
  REGISTRY_URL("hodei.registry.url", Kind.TEXT, "http://127.0.0.1:8081/apis/ccompat/v7", "Schema registry, Confluent API."),
  TOPICS_PREFIX("hodei.topics.prefix", Kind.TEXT, "hodei.", "First part of every topic's name."),
  SHARDS("hodei.shards", Kind.NUMBER, "1", "Partitions of the dispatcher's inputs. Only 1 is built."),
  API_HOST("hodei.http.host", Kind.TEXT, "127.0.0.1", "Address that every service binds."),
  API_PORT("hodei.api.port", Kind.NUMBER, "8080", "Port of job-api."),
  API_URL("hodei.api.url", Kind.TEXT, "http://127.0.0.1:8080", "Where clients find job-api."),
  API_ALLOWED_HOSTS("hodei.api.allowed-hosts", Kind.TEXT, "", "Host names, besides loopback ones, that requests may name; comma separated."),
  API_ACK_TIMEOUT("hodei.api.ack-timeout", Kind.DURATION, "5s", "A submission not acknowledged by Kafka for this long is answered 503."),
  API_MAX_OPEN_MIB("hodei.api.max-open-mib", Kind.NUMBER, "128", "What jobs that have not ended may hold in memory, about; beyond it submissions are answered 429."),
  API_JOBS_KEPT("hodei.api.jobs-kept", Kind.DURATION, "7d", "How long job-api shows a job after its end; never longer than hodei.job-state keeps it, 7 days."),
  API_WORKERS_KEPT("hodei.api.workers-kept", Kind.DURATION, "24h", "How long job-api shows a worker after its end; never longer than hodei.worker-state keeps it, 24 hours."),
  API_VIEWS_DIR("hodei.api.views-dir", Kind.TEXT, "", "Where job-api keeps ended jobs and workers, and keys, while it runs, on files without a name. Empty: <data-dir>/views, else the system's temporary folder."),
  GATEWAY_PORT("hodei.gateway.port", Kind.NUMBER, "8090", "Port of the dispatcher: gateway, health, metrics."),
  GATEWAY_URL("hodei.gateway.url", Kind.TEXT, "http://127.0.0.1:8090", "Where agents find the gateway."),
  GATEWAY_WORKER_HOST("hodei.gateway.worker-host", Kind.TEXT, "", "A second address of this machine on which the gateway, and nothing else of the dispatcher, takes agents that do not reach hodei.http.host, such as containers behind a bridge. Empty: none."),
  LIFECYCLE_PORT("hodei.lifecycle.port", Kind.NUMBER, "8091", "Port of lifecycle-service."),
  GC_PORT("hodei.gc.port", Kind.NUMBER, "8092", "Port of gc-service."),
  GC_URL("hodei.gc.url", Kind.TEXT, "http://127.0.0.1:8092", "Where job-api finds gc-service."),
  AUDIT_PORT("hodei.audit.port", Kind.NUMBER, "8093", "Port of audit-service."),
  AUDIT_URL("hodei.audit.url", Kind.TEXT, "http://127.0.0.1:8093", "Where job-api finds audit-service."),
  AUDIT_JDBC("hodei.audit.jdbc-url", Kind.TEXT, "jdbc:postgresql://127.0.0.1:15432/hodei", "Audit database."),
  AUDIT_USER("hodei.audit.user", Kind.TEXT, "hodei", "Its user."),
  AUDIT_PASSWORD("hodei.audit.password", Kind.SECRET, "", "The user's password."),
  AUDIT_READER_PASSWORD("hodei.audit.reader-password", Kind.SECRET, "", "Password given to the read-only user hodei_reader. Empty: the user cannot log in."),
  GC_INTERVAL("hodei.gc.interval", Kind.DURATION, "30s", "Between two garbage collection cycles."),
  INVENTORY_INTERVAL("hodei.inventory.interval", Kind.DURATION, "15s", "Between two inventory snapshots of a provider."),
  PROVIDER("hodei.default-pool.provider", Kind.TEXT, "process", "Provider of pool default: process, docker or kubernetes."),
  DEFAULT_IMAGE("hodei.default-pool.image", Kind.TEXT, "", "Image of those jobs of pool default that name none. Empty: they are refused; only for docker and kubernetes."),
  MAX_WORKERS("hodei.default-pool.max-workers", Kind.NUMBER, "0", "Slots of pool default. 0: max(32, 4 x cores)."),
  MAX_CREATING("hodei.default-pool.max-creating", Kind.NUMBER, "0", "Workers of pool default in creation at once. 0: max(4, 2 x cores)."),
  MAX_LIFETIME("hodei.default-pool.max-lifetime", Kind.DURATION, "24h", "Default timeout of a job. In containers, unless set: 30m; in pods: 1h."),
  MAX_JOB_TIMEOUT("hodei.default-pool.max-job-timeout", Kind.DURATION, "24h", "Longest timeout that a job may ask for."),
  GRACEFUL_TERMINATION("hodei.default-pool.graceful-termination", Kind.DURATION, "10s", "Between the polite and the forced kill of a job. In containers, unless set: 30s."),
  CREATE_TIMEOUT("hodei.default-pool.create-timeout", Kind.DURATION, "60s", "A worker not created for this long is given up. In containers, whose image may have to be fetched, unless set: 5m."),
  CONNECT_TIMEOUT("hodei.default-pool.connect-timeout", Kind.DURATION, "60s", "An agent that has not called for this long, or not started its job, is given up. In pods, for which a node has to be found and an image fetched, unless set: 5m."),
  PROCESS_WORKERS_DIR("hodei.process.workers-dir", Kind.TEXT, "", "Scratch directories of process workers. Empty: <data-dir>/workers."),
  PROCESS_AGENT_DIR("hodei.process.agent-dir", Kind.TEXT, "", "Where the agent's jars, flags and cache are."),
  PROCESS_PROVIDER_ID("hodei.process.provider-id", Kind.TEXT, "", "Name of this process provider. Empty: process-<host name>."),
  PROVIDERS("hodei.lifecycle.providers", Kind.TEXT, "process", "The kinds of workers that this lifecycle-service makes, comma separated: process, docker, kubernetes."),
  DOCKER_HOST("hodei.docker.host", Kind.TEXT, "", "The Docker engine, unix:///path or tcp://host:port. Empty: DOCKER_HOST, else the first of the usual sockets that is there."),
  DOCKER_PROVIDER_ID("hodei.docker.provider-id", Kind.TEXT, "", "Name of this Docker provider. Empty: docker-<host name>."),
  DOCKER_NETWORK("hodei.docker.network", Kind.TEXT, "bridge", "The engine's network that workers are in. host is the fastest and lets a job reach whatever this machine's loopback serves: trusted jobs only."),
  DOCKER_GATEWAY_URL("hodei.docker.gateway-url", Kind.TEXT, "", "Where agents in containers find the gateway. Empty: hodei.gateway.url."),
  DOCKER_PULL("hodei.docker.pull", Kind.TEXT, "missing", "When an image is fetched from its registry: missing, always or never."),
  DOCKER_REGISTRY_CONFIG("hodei.docker.registry-config", Kind.TEXT, "", "A file with logins for registries, as docker login writes it; read again for each image. Empty: $DOCKER_CONFIG/config.json, else ~/.docker/config.json, of lifecycle-service's user."),
  DOCKER_PIDS("hodei.docker.pids-limit", Kind.NUMBER, "512", "Processes and threads of one container, about 30 of its agent among them."),
  DOCKER_USER("hodei.docker.user", Kind.TEXT, "65532:65532", "uid:gid of everything in a container; neither may be 0."),
  DOCKER_BUNDLES_DIR("hodei.docker.bundles-dir", Kind.TEXT, "", "Where what an agent needs in a container is kept. Empty: <data-dir>/agent-bundles."),
  KUBERNETES_CONTEXT("hodei.kubernetes.context", Kind.TEXT, "", "Context of the kubeconfig (KUBECONFIG, else ~/.kube/config). Empty: its current one, else the cluster that the service runs in."),
  KUBERNETES_PROVIDER_ID("hodei.kubernetes.provider-id", Kind.TEXT, "kubernetes", "Name of this Kubernetes provider."),
  KUBERNETES_NAMESPACE("hodei.kubernetes.namespace", Kind.TEXT, "default", "Namespace of the workers of tenants that have none of their own."),
  KUBERNETES_TENANTS("hodei.kubernetes.tenant-namespaces", Kind.TEXT, "", "Namespaces of tenants, tenant=namespace, comma separated. Workers are looked for in all of them: leave one here until it is empty."),
  KUBERNETES_AGENT_IMAGE("hodei.kubernetes.agent-image", Kind.TEXT, "", "The image that brings the agent into pods, from a registry that the nodes reach."),
  KUBERNETES_GATEWAY_URL("hodei.kubernetes.gateway-url", Kind.TEXT, "", "Where agents in pods find the gateway. Empty: hodei.gateway.url."),
  KUBERNETES_GATEWAY_HOST("hodei.kubernetes.gateway-host", Kind.TEXT, "", "With hodei up: the address of this machine that pods reach. Empty: the one that this machine reaches the cluster from."),
  KUBERNETES_PULL("hodei.kubernetes.pull", Kind.TEXT, "missing", "When a node fetches an image: missing, always or never."),
  KUBERNETES_USER("hodei.kubernetes.user", Kind.TEXT, "65532:65532", "uid:gid of everything in a pod; neither may be 0."),
  KUBERNETES_UNSCHEDULABLE("hodei.kubernetes.unschedulable-after", Kind.DURATION, "2m", "A pod for which no node is found for this long is given up."),
  LIFECYCLE_ENABLED("hodei.lifecycle.enabled", Kind.SWITCH, "true", "Start value of the flag: false: nothing is created or destroyed."),
  IMMEDIATE_CLEANUP("hodei.lifecycle.immediate-cleanup", Kind.SWITCH, "true", "Start value of the flag: false: ended workers wait for garbage collection. Also IMMEDIATE_WORKER_CLEANUP."),
  IMMEDIATE_CLEANUP_PERCENT("hodei.lifecycle.immediate-cleanup-percent", Kind.PERCENT, "100", "Start value of the flag: share of the jobs, by their ids, whose workers are destroyed at once."),
  LIFECYCLE_MAX_CREATES("hodei.lifecycle.max-creates", Kind.NUMBER, "0", "Creations at once. 0: 2 x cores + 4."),
  LEASE("hodei.workers.lease", Kind.DURATION, "12s", "An agent silent for this long is lost."),
  HEARTBEAT("hodei.workers.heartbeat", Kind.DURATION, "3s", "Between two beats of an agent."),
  ORPHAN_LIMIT("hodei.workers.orphan-limit", Kind.DURATION, "60s", "An agent without any gateway for this long kills its job."),
  NO_CONTACT_LIMIT("hodei.workers.no-contact-limit", Kind.DURATION, "2m", "With its provider unreachable, a silent worker's attempt counts as dead after this, unless it was started on a host."),
  MAX_LOG_BYTES("hodei.logs.max-bytes", Kind.NUMBER, "1073741824", "Log bytes kept per attempt; 0: no limit."),
  STREAMS_DIR("hodei.dispatcher.state-dir", Kind.TEXT, "", "Kafka Streams' directory. Empty: <data-dir>/streams, else the system's temporary folder."),
  DISPATCHER_INSTANCE("hodei.dispatcher.instance", Kind.TEXT, "", "Name of this dispatcher, unlike that of any other one. Empty: the host's name."),
  COMMIT_INTERVAL("hodei.dispatcher.commit-interval", Kind.DURATION, "5ms", "How often the dispatcher commits its decisions.");

  /// How a value is read.
  public enum Kind { TEXT, NUMBER, DURATION, SECRET, SWITCH, PERCENT }

  private final String key;
  private final Kind kind;
  private final String fallback;
  private final String about;

  Key(String key, Kind kind, String fallback, String about) {
    this.key = key;
    this.kind = kind;
    this.fallback = fallback;
    this.about = about;
  }

  /// The key's name in `hodei.yaml`.
  public String key() {
    return key;
  }

  /// The key's name in the environment.
  public String variable() {
    return key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  public Kind kind() {
    return kind;
  }

  /// The default, as text.
  public String fallback() {
    return fallback;
  }

  public String about() {
    return about;
  }
}
