package io.hodei.providers;

/// The provider could not do what it was asked. The message is for the job's owner.
public final class ProviderException extends Exception {
  /// What failed, in the words of the job reasons.
  public enum Reason { PROVISION_FAILED, IMAGE_ERROR, START_FAILED, PROVIDER_UNREACHABLE, DESTROY_FAILED }

  private final Reason reason;

  public ProviderException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ProviderException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
