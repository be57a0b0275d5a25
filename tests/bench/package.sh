# package.sh - proving one pulled package against the bare signatures and digests in it.
head_row "Proof of a package, CPU (microseconds)"
fresh_stack
submit --type CT05 tests/corpus/samples/01-road-works-clean.txt >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
if ! wait_until 30 pull_until_live "$T/package-site" "${id/D-/R-}"; then
  echo "$id did not arrive within 30 s" >&2
  exit 1
fi
package=$(realpath "$T/package-site/live/${id/D-/R-}")
read -r proof bare signatures < <("$build/tests/package_cost" "$package" "$SLUICE_DEMO_TRUST" 300)
row "in a process that proves many (aim 3)" "$proof" "$bare" "$(calc "$proof / $bare")"
row "signatures in it" "$signatures" "" ""
record "{\"measure\":\"package\",\"proof_us\":$proof,\"bare_us\":$bare,\"signatures\":$signatures}"
stack_stop "$S"
