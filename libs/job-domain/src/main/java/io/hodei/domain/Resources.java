package io.hodei.domain;

import org.jspecify.annotations.Nullable;

/// What a job needs of its worker, as written by the user (`500m`, `256Mi`, a count); null: the pool's template.
public record Resources(@Nullable String cpu, @Nullable String memory, @Nullable Integer gpu) {}
