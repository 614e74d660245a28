#!/usr/bin/env bash
# Goes the way of somebody who has just got the program: from a connector's name to rows in DuckDB.
#
#   docs/newcomer.sh BIN
#
# BIN is anytap, from an archive or a wheel; nothing else of the project is used. The APIs and the registry are the samples
# that BIN brings along, on 127.0.0.1. TARGET_DUCKDB names the folder of a Python environment with target-duckdb; without
# it, one is made. The last line is "N passed, N failed".
set -uo pipefail
bin=$(realpath "${1:?the program}")
work=$(mktemp -d)
samples=
trap '[ -z "$samples" ] || kill "$samples"; rm -rf "$work"' EXIT
cd "$work" || exit 2
export XDG_CACHE_HOME=$work/cache NO_COLOR=1
passed=0 failed=0 begin=$SECONDS
ok() {
  local what=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok    $what"
    passed=$((passed + 1))
  else
    echo "FAIL  $what"
    tail -n 20 "$work/log" | sed 's/^/      | /'
    failed=$((failed + 1))
  fi
}
# ran COMMAND…: keeps what the command printed, on stdout and stderr, and its exit code.
ran() {
  "$@" >"$work/said" 2>&1
  code=$?
  cat "$work/said"
}
# says TEXT COMMAND…: the command succeeds and prints TEXT.
says() {
  local text=$1
  shift
  ran "$@"
  [ "$code" = 0 ] && grep -qF -- "$text" "$work/said"
}
# fails TEXT COMMAND…: the command does not succeed, and prints TEXT. A check that fails says so, with the exit code 0.
fails() {
  local text=$1
  shift
  ran "$@"
  { [ "$code" != 0 ] || grep -q '"FAILED"' "$work/said"; } && grep -qF -- "$text" "$work/said"
}

if [ -z "${TARGET_DUCKDB-}" ]; then
  TARGET_DUCKDB=$work/target
  ok "pip install target-duckdb" sh -c "python3 -m venv $TARGET_DUCKDB && $TARGET_DUCKDB/bin/pip install -q target-duckdb==0.8.0 'duckdb==1.2.2' 'setuptools<81'"
  begin=$SECONDS # the clock is for anytap
fi
rows() { # prints how many rows a table has
  "$TARGET_DUCKDB/bin/python" -c "import duckdb; print(duckdb.connect('$work/rows.duckdb', read_only=True).execute('select count(*) from main.$1').fetchone()[0])"
}
has() { [ "$(rows "$1")" = "$2" ] || { rows "$1"; return 1; }; }

# A first look
ok "anytap --version" says anytap "$bin" --version
ok "anytap demo" says "Complete." "$bin" demo

# The samples stay up
"$bin" demo --serve 2>samples.log &
samples=$!
for _ in $(seq 50); do grep -q '^more records:' samples.log && break; sleep 0.1; done
address() { sed -n "s/^$1: //p" samples.log; }
ANYTAP_REGISTRY=$(address registry)
export ANYTAP_REGISTRY
url=$(address jsonplaceholder)
append=$(sed -n "s/^more records: curl -X POST '\(.*\)'.*/\1/p" samples.log)

# A connector by its name
ok "connectors search" says source-sample-posts "$bin" connectors search sample
ok "connectors info" says base_url "$bin" connectors info source-sample-posts
ok "init" "$bin" init source-sample-posts --set "base_url=$url" --config anytap.yaml
ok "… wrote a configuration" grep -q "$url" anytap.yaml
ok "… and the lock of its version" grep -q "source-sample-posts" anytap.lock
source=(--manifest-path source-sample-posts --config anytap.yaml)
ok "check" says SUCCEEDED "$bin" check "${source[@]}"
ok "preview" says title "$bin" preview posts "${source[@]}" --limit 5

# Rows
echo "{\"filepath\": \"$work/rows.duckdb\", \"default_target_schema\": \"main\"}" >target.json
run=("$bin" run "${source[@]}" --state-file state.json --target "$TARGET_DUCKDB/bin/target-duckdb --config target.json")
ok "run" says "Complete." "${run[@]}"
ok "… 100 posts are in DuckDB" has posts 100
ok "… 500 comments" has comments 500
ok "… the state is kept" grep -q bookmarks state.json

# The API has more the next day
ok "the API gets 7 posts" curl -fsS -X POST "${append%\?*}?n=7"
ok "run again" says "Complete." "${run[@]}"
ok "… 107 posts" has posts 107

# What went wrong is said
ok "a misspelled setting names the right one" fails base_url "$bin" check --set source=jsonplaceholder --set "bas_url=$url"
ok "a stream that there is not names the nearest" fails posts "$bin" preview post "${source[@]}"
ok "without the registry, what is locked still runs" says SUCCEEDED env ANYTAP_REGISTRY=http://127.0.0.1:9/files "$bin" check "${source[@]}"

took=$((SECONDS - begin))
ok "in under two minutes ($took s)" [ "$took" -lt 120 ]
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
