/// `hodei up`: broker, Postgres, schema registry and all services on one machine.
@NullMarked
package io.hodei.standalone;

import org.jspecify.annotations.NullMarked;
