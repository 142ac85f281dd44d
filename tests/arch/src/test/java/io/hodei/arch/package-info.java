/// Tests over the checkout as a whole.
@NullMarked
package io.hodei.arch;

import org.jspecify.annotations.NullMarked;
