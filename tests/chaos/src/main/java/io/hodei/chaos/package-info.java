/// Random faults under a steady mixed load, and the judgement over what was seen.
@NullMarked
package io.hodei.chaos;

import org.jspecify.annotations.NullMarked;
