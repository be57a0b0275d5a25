# house.sh - sets of rules with accounts, as shell words; sourced after people.sh and DIR/env.
#
# Days are those of the bureau (+08:00).

day() { TZ=Asia/Shanghai date -d "$1" +%F; } # "-3days" as YYYY-MM-DD
# house_set SET VERSION: a copy of the rules with the accounts on standard input (house.py),
# signed by the two secrecy officers of the demo
house_set() {
  rm -rf "$1"
  cp -r "$T/policies" "$1"
  rm -f "$1"/signatures/*
  sed -i "s/^version: .*/version: $2/" "$1/policy.yaml"
  "$SOURCE/tests/support/house.py" "$1"
  house_sign "$1" "$T/keys/secrecy-1" "$T/keys/secrecy-2"
}
house_sign() { # SET KEY KEY
  "$BIN/sluice-policy" sign --policy "$1" --key "$2" >/dev/null
  "$BIN/sluice-policy" sign --policy "$1" --key "$3" >/dev/null
}
house_install() { "$BIN/sluiced" --config "$T/gateway.yaml" policy install "$1"; } # SET
