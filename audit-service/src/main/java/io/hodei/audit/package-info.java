/// Remembers: every event in Postgres, exactly once, and the questions that can be asked of it.
@NullMarked
package io.hodei.audit;

import org.jspecify.annotations.NullMarked;
