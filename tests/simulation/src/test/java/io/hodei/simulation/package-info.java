@org.jspecify.annotations.NullMarked
package io.hodei.simulation;
