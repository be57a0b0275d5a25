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
}
