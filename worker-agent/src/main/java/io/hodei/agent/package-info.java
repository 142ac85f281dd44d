/// The small JVM inside a worker: it attends a gateway, runs one job, ships its log and its result, and ends.
/// Start reading at [Main], then [Session] (what the gateway says) and [Run] (one attempt from grant to report).
@NullMarked
package io.hodei.agent;

import org.jspecify.annotations.NullMarked;
