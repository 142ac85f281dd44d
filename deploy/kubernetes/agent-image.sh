#!/usr/bin/env bash
# Makes the image that brings the agent into pods: deploy/kubernetes/agent-image.sh NAME:TAG [FILE.tar]
# With FILE.tar it only writes the root of the image, for tools other than Docker's client: it is the one layer of an image FROM scratch.
set -euo pipefail

[ $# -ge 1 ] && [ $# -le 2 ] || { printf 'Expected NAME:TAG and perhaps FILE.tar, but got %s arguments\n' "$#" >&2; exit 2; }
root=$(cd -P -- "$(dirname -- "$0")/../.." && pwd)
current=$root/build/dist/current
[ -d "$current/lib" ] || { printf 'Expected a built Hodei, but %s is missing; run ./hodei build\n' "$current" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar=${2:-$work/root.tar}
"$(cat "$current/jdk")/bin/java" -cp "$current/lib/*" io.hodei.providers.AgentImage "$current/agent" "$work/bundles" "$tar" >/dev/null
if [ $# -eq 1 ]; then
  docker import --message 'the agent of Hodei' "$tar" "$1"
fi
