/// The outside eyes and hands of the system tests: they know the contract and nothing of the services' code.
@NullMarked
package io.hodei.testkit;

import org.jspecify.annotations.NullMarked;
