package io.hodei.providers;

/// A worker whose infrastructure exists. `providerRef` is the provider's own name of it: a pid, a container id, a pod name.
public record CreatedWorker(String workerId, String providerRef, boolean adopted) {}
