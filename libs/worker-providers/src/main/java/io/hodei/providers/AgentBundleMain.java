package io.hodei.providers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes what an agent needs in a container, for an image that has it built in: `AGENT_DIR JAVA_HOME TO`.
public final class AgentBundleMain {
  private AgentBundleMain() {}

  public static void main(String[] args) throws IOException, ProviderException {
    if (args.length != 3) {
      System.err.println("Expected the agent's directory, a JDK's and one to make, but found " + args.length + " arguments");
      System.exit(2);
    }
    Path to = Path.of(args[2]);
    Path bundles = to.resolveSibling(to.getFileName() + ".made");
    Files.move(AgentBundle.of(Path.of(args[0]), Path.of(args[1]), bundles).root(), to);
    DirectoryRemoval.of(bundles);
  }
}
