package io.hodei.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the rows of `docs/proofs-catalogue.yaml` that a test proves, such as `@Proves({"promise:1", "lie:4"})`; a trailing `*` stands
/// for all rows that begin so. Modules without the test-kit write a line `// proves: promise:1, lie:4` in its place. Read from the
/// sources by the generator of `docs/proofs.md`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Proves {
  String[] value();
}
