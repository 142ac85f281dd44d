/// Where workers live: the provider interface and its implementations.
@NullMarked
package io.hodei.providers;

import org.jspecify.annotations.NullMarked;
