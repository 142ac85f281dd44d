/// job-api asks: it turns HTTP calls into records on `hodei.job-requests` and `hodei.control`, and answers from views of the
/// public topics. It decides nothing.
@NullMarked
package io.hodei.api;

import org.jspecify.annotations.NullMarked;
