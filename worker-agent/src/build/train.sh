#!/bin/sh
# Makes DIR/agent.aot from one training run: train.sh JAVA_HOME DIR. The class path is lib/*.jar sorted by name in the
# C locale; whoever starts an agent has to give the same jars in the same order, or the JVM ignores the cache.
set -eu
LC_ALL=C
export LC_ALL
dir=$2
class_path=$(printf '%s:' "$dir"/lib/*.jar)
rm -f "$dir/agent.aot"
# shellcheck disable=SC2046
out=$("$1/bin/java" $(cat "$dir/agent.flags") -XX:AOTCacheOutput="$dir/agent.aot" -cp "${class_path%:}" io.hodei.agent.AotTraining 2>&1) || {
  printf '%s\n' "$out" >&2
  exit 1
}
if [ ! -s "$dir/agent.aot" ]; then
  printf 'Expected the training run to write %s/agent.aot, but it did not:\n%s\n' "$dir" "$out" >&2
  exit 1
fi
