# link.sh - the one-way link in udp mode between two network namespaces of its own, beside iperf3
# and udpcast on the same devices and processors in the same run.  LINK_ROUNDS, LINK_MTU,
# LINK_SIZES and LINK_RPS: see link_bench.py and link_net.py.
printf "\nThe one-way link\n"
# Many durable files: in memory, what is measured is the work and not the disk.
L=$(mktemp -d "${BENCH_DIR:-/dev/shm}/sl-link.XXXXXX")
"$BIN/sluice-keys" demo-set "$L/trial" --policies "$STACK_POLICIES" >/dev/null
python3 tests/bench/link_bench.py "$BIN" "$build/tests" "$L/trial" "$results" || :
rm -rf "$L"
