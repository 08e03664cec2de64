#!/bin/sh
# Runs heapatlas-launch on programs that can and cannot be watched; compares exit status and report.
# Called by ctest with the launcher's path.
set -eu
launch=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# expect STATUS REPORT-PATTERN PROGRAM ARGS…
expect() {
  wanted=$1 pattern=$2
  shift 2
  status=0
  "$launch" --report "$work/report" -- "$@" >"$work/out" 2>"$work/err" || status=$?
  if [ "$status" != "$wanted" ] || ! grep -q "$pattern" "$work/report"; then
    echo "FAILED: $*: status $status (wanted $wanted), report $(cat "$work/report") (wanted $pattern)"
    failures=$((failures + 1))
  fi
}

expect 0 '"exitStatus":0,"signal":null' true
expect 7 '"exitStatus":7' sh -c 'exit 7'
expect 139 '"exitStatus":null,"signal":11' sh -c 'kill -SEGV $$'
expect 2 'no program .*nothing-of-that-name.* in PATH' nothing-of-that-name
expect 2 'No such file' /no/such/file
expect 2 'is a directory' "$work"
expect 2 'name is empty' ''
printf 'text' >"$work/plain" && expect 2 'not executable' "$work/plain"
printf 'exit 5\n' >"$work/bare" && chmod +x "$work/bare" && expect 5 '"exitStatus":5' "$work/bare"
printf '#! /bin/sh -e\nexit 6\n' >"$work/script" && chmod +x "$work/script" && expect 6 '"exitStatus":6' "$work/script"
printf '#!/no/such/interpreter\n' >"$work/lost" && chmod +x "$work/lost" && expect 2 'interpreter of' "$work/lost"
printf '#!%s/loop\n' "$work" >"$work/loop" && chmod +x "$work/loop" && expect 2 'never end' "$work/loop"
: >"$work/empty" && chmod +x "$work/empty" && expect 2 'is empty' "$work/empty"
cp "$(command -v ls)" "$work/suid" && chmod u+s "$work/suid" && expect 1 'setuid' "$work/suid"
head -c 40 "$(command -v ls)" >"$work/cut" && chmod +x "$work/cut" && expect 2 'truncated' "$work/cut"
# The same program with another machine (AArch64) in its ELF header.
cp "$(command -v ls)" "$work/arm" && printf '\267' | dd of="$work/arm" bs=1 seek=18 conv=notrunc status=none
expect 1 'AArch64.*cannot be injected' "$work/arm"
if printf 'int main(){return 0;}' | cc -x c -static -o "$work/static" - 2>/dev/null; then
  expect 1 'statically linked.*cannot be injected' "$work/static"
fi

# Environment, working folder, forwarding of a signal.
# shellcheck disable=SC2016 # the program expands them, in the environment that it was given
"$launch" --report "$work/report" --cwd "$work" --env A=1 --env B='x y' -- sh -c 'pwd; echo "$A$B"' >"$work/out"
[ "$(cat "$work/out")" = "$work
1x y" ] || { echo "FAILED: environment or folder"; failures=$((failures + 1)); }
# shellcheck disable=SC2016  # the inner shell expands
A=1 B=2 "$launch" --report "$work/report" --unset A -- sh -c 'echo "${A-no A}$B"' >"$work/out"
[ "$(cat "$work/out")" = 'no A2' ] || { echo "FAILED: a variable that is taken away"; failures=$((failures + 1)); }
"$launch" --report "$work/report" -- sleep 30 &
launcher=$!
while ! pgrep -P "$launcher" sleep >/dev/null; do :; done
kill -TERM "$launcher"
status=0
wait "$launcher" || status=$?
[ "$status" = 143 ] || { echo "FAILED: forwarded signal gave $status"; failures=$((failures + 1)); }
exit "$failures"
