package io.hodei.providers;

import java.util.List;

/// How an agent comes into a container of an image that has nothing of it. Any thread.
interface ContainerAgent {
  /// The volume to mount at [AgentBundle#HOME], there and whole.
  String volume() throws ProviderException;

  /// The command line that runs it there, up to the worker file.
  List<String> command() throws ProviderException;

  /// Begins with what takes long and needs no engine, so that the first worker need not wait for it. Any failure is the first worker's to tell.
  default void prepare() {}
}
