package io.hodei.gc;

import io.hodei.kit.ServiceMain;

/// `gc-service [--config hodei.yaml]`.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ServiceMain.run(args, GcService::start);
  }
}
