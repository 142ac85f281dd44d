package io.hodei.lifecycle;

import io.hodei.kit.ServiceMain;

/// `lifecycle-service [--config hodei.yaml]`.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ServiceMain.run(args, LifecycleService::start);
  }
}
