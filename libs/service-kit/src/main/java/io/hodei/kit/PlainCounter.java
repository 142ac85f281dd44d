package io.hodei.kit;

import java.util.concurrent.atomic.LongAdder;

/// A counter that is written into `/metrics` as it is. For the names of the contract that the Prometheus library keeps for itself:
/// it takes the ending `_created` off. Thread-safe.
public final class PlainCounter {
  private final String name;
  private final String about;
  private final LongAdder count = new LongAdder();

  PlainCounter(String name, String about) {
    this.name = name;
    this.about = about;
  }

  public void increment() {
    count.increment();
  }

  String exposition() {
    return "# HELP " + name + " " + about + "\n# TYPE " + name + " counter\n" + name + " " + count.sum() + "\n";
  }
}
