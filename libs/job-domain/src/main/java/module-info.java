/// The heart of Hodei: states, transitions, decide and evolve. It needs nothing but the JDK's base module.
module io.hodei.domain {
  requires static org.jspecify;

  exports io.hodei.domain;
}
