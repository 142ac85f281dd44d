package io.hodei.api;

import io.hodei.kit.ServiceMain;

/// Starts job-api: `[--config hodei.yaml]`.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ServiceMain.run(args, JobApiService::start);
  }
}
