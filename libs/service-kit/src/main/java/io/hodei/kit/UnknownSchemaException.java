package io.hodei.kit;

/// A value names a schema that cannot be found, or that is not what it says.
public final class UnknownSchemaException extends RuntimeException {
  public UnknownSchemaException(int id, String why) {
    super("Expected the id of a known schema, but " + (id < 0 ? "it " : "schema " + id + " ") + why);
  }
}
