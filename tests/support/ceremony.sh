# ceremony.sh - what custodians do, as shell words; sourced by the scenarios of ceremonies.
#
# C is the directory where each custodian keeps keys: C/root-1 … C/targets-1 … C/policy-1 …

keys() { "$BIN/sluice-keys" "$@"; }
make_key() { keys generate --use "$1" --out "$2" --no-passphrase >/dev/null; } # USE FILE
sign() { # STICK KEY...
  local stick=$1 key
  shift
  for key in "$@"; do keys ceremony sign "$stick" --key "$C/$key" --yes >"$T/signed"; done
}
# custodians_make FROM TO: root keys root-FROM .. root-TO
custodians_make() {
  local i
  mkdir -p "$C"
  for ((i = $1; i <= $2; i++)); do make_key tuf-root "$C/root-$i"; done
}
install_result() { # STICK REPOSITORY: what the operator does; the policy last, by rename
  mkdir -p "$2"
  cp -r "$1/result/metadata" "$2/"
  [ ! -d "$1/result/targets" ] || cp -r "$1/result/targets" "$2/"
  if [ -e "$1/result/approval-policy.json" ]; then
    cp "$1/result/approval-policy.json" "$2/approval-policy.json.new"
    mv "$2/approval-policy.json.new" "$2/approval-policy.json"
  fi
  # A gateway that runs looks every 15 seconds; the bell spares the tests the wait.
  [ ! -d "$2/../gateway/run/wake/releaser" ] || : >"$2/../gateway/run/wake/releaser/.bell"
}
# first_ceremony DIR: five custodians, thresholds 3/2/2, for the demo set in DIR; leaves the
# signed folder DIR/stick and custodians' keys in C
first_ceremony() {
  local dir=$1 i adds=()
  C=$dir/custodians
  custodians_make 1 5
  for i in 1 2 3; do
    make_key tuf-targets "$C/targets-$i"
    make_key tuf-policy "$C/policy-$i"
    adds+=(--add "targets=$C/targets-$i.pub" --add "policy=$C/policy-$i.pub")
  done
  for i in 1 2 3 4 5; do adds+=(--add "root=$C/root-$i.pub"); done
  for i in releaser checker; do
    adds+=(--add "rel=$dir/keys/$i/rel.pub" --add "feed=$dir/keys/$i/feed.pub")
  done
  for i in snapshot timestamp; do adds+=(--add "$i=$dir/keys/$i.pub"); done
  keys witness-policy --log "bureau.example/release-log=$dir/keys/releaser/log.pub" \
    --witness "bureau.example/checker=$dir/keys/checker/witness.pub" \
    --out "$dir/witness-policy.txt" >"$dir/init.log"
  keys ceremony init "$dir/stick" --new "${adds[@]}" \
    --approval-policy "$dir/repository/approval-policy.json" \
    --policy-file "witness-policy.txt=$dir/witness-policy.txt" >>"$dir/init.log"
}
# demo_with_ceremony DIR: a demo set whose trust comes from a ceremony instead
demo_with_ceremony() {
  stack_set "$1"
  first_ceremony "$1"
  sign "$1/stick" root-1 root-3 root-5 targets-1 targets-2 policy-2 policy-3
  keys ceremony merge "$1/stick" >"$1/merge.log"
  rm -r "$1/repository" "$1/trust"
  install_result "$1/stick" "$1/repository"
  mkdir "$1/trust"
  cp "$1/stick/result/root.json" "$1/trust/root.json"
}
