/// Checks: the worker-state table against what the infrastructure shows, and reports what does not match.
@NullMarked
package io.hodei.gc;

import org.jspecify.annotations.NullMarked;
