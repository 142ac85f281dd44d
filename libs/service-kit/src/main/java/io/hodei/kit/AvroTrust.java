package io.hodei.kit;

import org.apache.avro.util.ClassSecurityValidator;

/// Avro makes only classes that it was told to trust. Ours are those of `io.hodei.schemas`, generated from our schemas.
final class AvroTrust {
  private static final String OURS = "io.hodei.schemas";

  static {
    ClassSecurityValidator.ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(before, type -> OURS.equals(type.getPackageName())));
  }

  private AvroTrust() {}

  /// Does its work once per process.
  static void extend() {}
}
