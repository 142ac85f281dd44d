/// What is true: jobs, workers, their states and transitions, and the decisions about them. Pure: no clock, no I/O.
@NullMarked
package io.hodei.domain;

import org.jspecify.annotations.NullMarked;
