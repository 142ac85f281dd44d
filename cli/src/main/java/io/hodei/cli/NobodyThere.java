package io.hodei.cli;

import java.nio.file.Path;

/// No server listens at the address, or none is recorded in the data directory: nothing was asked. What people read of it is
/// said here, and begins the same in every command.
final class NobodyThere extends Unreachable {
  private static final long serialVersionUID = 1L;

  private final boolean addressKnown;

  private NobodyThere(String message, boolean addressKnown) {
    super(message);
    this.addressKnown = addressKnown;
  }

  /// `asked`: the directory was given with --data, so that `up` must be given it as well.
  static NobodyThere in(Path data, boolean asked) {
    return new NobodyThere(sentence(data, "start one: ./hodei up" + (asked ? " --data " + data : "")), false);
  }

  static NobodyThere at(String url, boolean given) {
    return new NobodyThere(sentence(url, given ? "start it, or correct HODEI_URL" : "start one: ./hodei up"), true);
  }

  /// Whether there is an address at which one may still appear.
  boolean isAddressKnown() {
    return addressKnown;
  }

  static String sentence(Object place, String next) {
    return "no Hodei at " + place + "; " + next;
  }
}
