package io.hodei.gc;

import io.hodei.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/// A record that gc-service writes.
public record Letter(Topic topic, String key, SpecificRecord value) {}
