/// Acts: creates and destroys workers; the only service that touches infrastructure.
@NullMarked
package io.hodei.lifecycle;

import org.jspecify.annotations.NullMarked;
