package io.hodei.kit;

/// The configuration cannot be used. The message names the key and says what was expected.
public final class SettingsException extends RuntimeException {
  public SettingsException(String message) {
    super(message);
  }
}
