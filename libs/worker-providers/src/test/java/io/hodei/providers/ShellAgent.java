package io.hodei.providers;

import java.util.List;

/// A stand-in for the agent, in a container: a shell of the image. Its volume is empty, and made by the engine.
record ShellAgent(String installation, String script) implements ContainerAgent {
  @Override
  public String volume() {
    return "hodei-it-empty";
  }

  @Override
  public List<String> command() {
    return List.of("/bin/sh", "-c", script);
  }
}
