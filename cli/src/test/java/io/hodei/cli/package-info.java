/// Tests of the client against a stand-in for job-api.
@org.jspecify.annotations.NullMarked
package io.hodei.cli;
