/// How a Hodei service lives: configuration, Kafka wiring, health, metrics, orderly stop.
@NullMarked
package io.hodei.kit;

import org.jspecify.annotations.NullMarked;
