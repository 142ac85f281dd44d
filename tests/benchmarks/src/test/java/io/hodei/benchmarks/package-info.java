/// Figures with a baseline beside each, measured in one run.
package io.hodei.benchmarks;
