/// System tests: the real binaries, started as a user starts them, judged from outside.
package io.hodei.system;
