/// What the services say to each other: records generated from the Avro schemas, and the topic catalogue.
package io.hodei.schemas;
