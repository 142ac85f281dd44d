package io.hodei.testkit;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// A record of a topic, and where it stands.
///
/// @param partition `topic-partition`, as the events of gc-service name it
/// @param value null: a tombstone
public record TopicRecord(String partition, long offset, String key, @Nullable GenericRecord value) {}
