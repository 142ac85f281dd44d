package io.hodei.dispatcher;

import io.hodei.kit.ServiceMain;

/// The dispatcher as a process of its own: `[--config hodei.yaml]`.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ServiceMain.run(args, DispatcherService::start);
  }
}
