/// Tests of `hodei up`.
@NullMarked
package io.hodei.standalone;

import org.jspecify.annotations.NullMarked;
