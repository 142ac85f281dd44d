/// Decides: the one writer of job and worker state, and the workers' gateway.
@NullMarked
package io.hodei.dispatcher;

import org.jspecify.annotations.NullMarked;
