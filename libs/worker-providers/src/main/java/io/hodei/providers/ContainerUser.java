package io.hodei.providers;

/// As whom everything in a container runs; neither is root.
record ContainerUser(int uid, int gid) {
  /// Of `uid:gid`.
  ///
  /// @throws IllegalArgumentException when it is not written so, or one is 0
  static ContainerUser of(String text) {
    if (!text.matches("[1-9]\\d{0,8}:[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("Expected a user as uid:gid, neither of them 0, but found \"" + text + "\"");
    }
    int colon = text.indexOf(':');
    return new ContainerUser(Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }
}
