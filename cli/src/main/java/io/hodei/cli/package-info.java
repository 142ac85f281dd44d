/// The `hodei` command: everything but `up`, `down` and `serve`, which the script runs on the whole class path.
@NullMarked
package io.hodei.cli;

import org.jspecify.annotations.NullMarked;
