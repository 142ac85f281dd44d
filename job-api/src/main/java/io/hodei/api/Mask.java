package io.hodei.api;

import org.jspecify.annotations.Nullable;

/// What the index can tell of a filter without the rows' bodies. It lets through every row that matches, and few others.
///
/// @param states a bit per ordinal of the state; 0: any
/// @param idPrefix how the id begins; null: any
record Mask(int states, Signature signature, @Nullable String idPrefix) {
  static final Mask ALL = new Mask(0, Signature.NONE, null);
}
