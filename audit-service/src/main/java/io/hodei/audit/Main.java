package io.hodei.audit;

import io.hodei.kit.ServiceMain;

/// `audit-service [--config hodei.yaml]`.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ServiceMain.run(args, AuditService::start);
  }
}
