/// The real decisions of dispatcher, lifecycle-service and gc-service in worlds of one thread, virtual time and one seed, where everything fails.
@NullMarked
package io.hodei.simulation;

import org.jspecify.annotations.NullMarked;
