package io.hodei.providers;

import org.jspecify.annotations.Nullable;

/// The provider could not do what it was asked. The message is for the job's owner.
public final class ProviderException extends Exception {
  /// What failed, in the words of the job reasons.
  public enum Reason { PROVISION_FAILED, IMAGE_ERROR, START_FAILED, PROVIDER_UNREACHABLE, DESTROY_FAILED }

  private final Reason reason;
  private final @Nullable String suggestedAction;

  public ProviderException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.suggestedAction = null;
  }

  public ProviderException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, null, cause);
  }

  /// `suggestedAction`: what a person can do about just this; null: nothing in particular.
  public ProviderException(Reason reason, String message, @Nullable String suggestedAction, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.suggestedAction = suggestedAction;
  }

  public Reason reason() {
    return reason;
  }

  public @Nullable String suggestedAction() {
    return suggestedAction;
  }
}
