#!/usr/bin/env bash
# Goal: a damaged or read-only store is said to be so, and leaves the desk alone at work: what
# can be read is read, every change gets one clear answer, and what is left can be exported.
. "$(dirname "$0")/common.sh"
. "$SOURCE/tests/support/damage.sh"
database=$T/gateway/store/sluice.db

state() { "$BIN/sluiced" --config "$T/gateway.yaml" --json status 2>/dev/null | jq -r .state; }
# The desk that finds damage at work says so too before it ends; its successor is alone.
is_read_only() {
  [ "$("$BIN/sluiced" --config "$T/gateway.yaml" --json status 2>/dev/null |
    jq -c '[.state, (.roles[] | .name, .state)]')" = '["read-only","desk","ready"]' ]
}
# start_read_only [COMMAND...]: start the gateway, under COMMAND if given.
start_read_only() {
  rm -f "$T/gateway/run/ready" "$T/gateway/run/desk.sock"
  setsid "$@" "$BIN/sluiced" --config "$T/gateway.yaml" >"$T/gateway.log" 2>&1 </dev/null &
  echo $! >"$T/gateway.pid"
  wait_until 30 is_read_only || fail "the gateway is not read-only: $(state)"
  [ ! -e "$T/gateway/run/ready" ] || fail "the gateway works on"
}
# refuses_changes WORDS: authors and reviewers alike.
refuses_changes() {
  expect_exit 3 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" submit --type CT05 "$SAMPLES/01-road-works-clean.txt"
  err_says "$1"
  expect_exit 3 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" cancel "$draft"
  err_says "$1"
  expect_exit 3 "$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" return "$draft" --role liaison --code other --reason "not yet"
  err_says "$1"
}

start_all
draft=$(submit --type CT05 "$SAMPLES/01-road-works-clean.txt" | jq -r .draft)
"$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" --json show "$draft" >"$T/before"
stack_stop_one "$T/gateway.pid"
cp "$database" "$T/whole.db"

# The audit is broken, the drafts are not.
damage_table "$database" audit
expect_exit 1 "$BIN/sluiced" --config "$T/gateway.yaml" check
grep -q 'store is damaged' "$T/out" || fail "check does not say so: $(cat "$T/out")"
start_read_only
grep -qi 'damaged' "$T/gateway.log" || fail "nothing is said of the damage"
expect_exit 1 "$BIN/sluiced" --config "$T/gateway.yaml" status
grep -q 'sluiced export' "$T/out" || fail "status does not say what to do: $(cat "$T/out")"
if grep -qi '^zh_CN.utf8$' <<<"$(locale -a)"; then
  expect_exit 1 env LC_ALL=zh_CN.UTF-8 "$BIN/sluiced" --config "$T/gateway.yaml" status
  grep -q '存储库已损坏' "$T/out" || fail "status is not Chinese: $(cat "$T/out")"
fi
same "$("$BIN/sluiced" --config "$T/gateway.yaml" --json status | jq -r '[.roles[].name] | join(" ")')" desk "processes"
refuses_changes 'the store is damaged'
expect_exit 0 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" --json status "$draft"
same "$(jq -r .draft "$T/out")" "$draft" "draft in status"
expect_exit 0 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" --json show "$draft"
expect_exit 0 "$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" --json list
expect_exit 0 "$BIN/sluice-review" --config "$SLUICE_DEMO_LIAISON" --json show "$draft"
same "$(jq -S .report "$T/out" | sha256sum)" "$(jq -S .report "$T/before" | sha256sum)" "what a reviewer reads"
expect_exit 1 "$BIN/sluiced" --config "$T/gateway.yaml" export "$T/saved.jsonl"
grep -q 'damaged' "$T/out" || fail "export does not say that rows are missing: $(cat "$T/out")"
same "$(jq -r 'select(.draft).draft.id' "$T/saved.jsonl" | head -n 1)" "$draft" "draft in the export"
stack_stop_one "$T/gateway.pid"
cmp -s <(damage_sum "$database") <(damage_sum "$T/whole.db") && fail "the damage is gone"

# Nothing of it can be read: people are told, nothing else.
damage_everywhere "$database"
start_read_only
refuses_changes 'the store is damaged'
expect_exit 3 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" status
err_says 'cannot be read'
expect_exit 1 "$BIN/sluiced" --config "$T/gateway.yaml" export "$T/nothing.jsonl"
[ ! -e "$T/nothing.jsonl" ] || fail "an empty export is left behind"
stack_stop_one "$T/gateway.pid"

# With the backup restored everything goes on.
cp "$T/whole.db" "$database"
rm -f "$database-wal" "$database-shm"
stack_start_gateway "$T"
same "$(state)" running
expect_exit 0 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" --json status "$draft"

# It breaks while the gateway works.
damage_everywhere "$database"
breaks() {
  "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >/dev/null 2>&1 || :
  is_read_only
}
wait_until 60 breaks || fail "the damage is not noticed at work: $(state)"
refuses_changes 'the store is damaged'
stack_stop_one "$T/gateway.pid"
cp "$T/whole.db" "$database"
rm -f "$database-wal" "$database-shm"

# A store on a read-only file system.
cat >"$T/read-only.sh" <<'S'
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
shift
exec "$@"
S
if ! unshare -m bash "$T/read-only.sh" "$T/gateway/store" true 2>/dev/null; then
  printf 'not tried: a read-only mount is not permitted here\n'
  exit 0
fi
start_read_only unshare -m bash "$T/read-only.sh" "$T/gateway/store"
grep -q 'cannot be written' "$T/gateway.log" || fail "nothing is said of the read-only store"
refuses_changes 'the store cannot be written'
expect_exit 0 "$BIN/sluice" --config "$SLUICE_DEMO_AUTHOR" --json status "$draft"
expect_exit 0 "$BIN/sluiced" --config "$T/gateway.yaml" export "$T/all.jsonl"
same "$(jq -r 'select(.draft).draft.id' "$T/all.jsonl" | head -n 1)" "$draft" "draft in the export"
