# http.sh - the outlet's server against nginx with one worker: 4 KiB files of the same tree.
head_row "Outlet serving 4 KiB files, wrk with 1 thread and 64 connections (requests a second)"
S=$T/$part
stack_set "$S"
. "$S/env"
tree=$S/outlet/tree
mkdir -p "$tree/blobs/ab"
for i in $(seq 0 63); do head -c 4096 /dev/urandom >"$tree/blobs/ab/$(printf 'ab%062d' "$i")"; done
stack_start_outlet "$S"
port=$(stack_free_port)
mkdir -p "$T/nginx/logs" "$T/nginx/tmp"
sed -e "s#@PREFIX@#$T/nginx#g" -e "s#@TREE@#$tree#g" -e "s#@ADDRESS@#127.0.0.1:$port#g" \
  docs/nginx-outlet.conf >"$T/nginx/nginx.conf"
/usr/sbin/nginx -p "$T/nginx" -c "$T/nginx/nginx.conf" -e "$T/nginx/error.log"
nginx_pid=$(cat "$T/nginx/nginx.pid")
cat >"$T/files.lua" <<'LUA'
local i = 0
request = function()
  i = (i + 1) % 64
  return wrk.format("GET", string.format("/blobs/ab/ab%062d", i))
end
LUA
rate() { wrk -t1 -c64 -d5s -s "$T/files.lua" "$1" | awk '/^Requests\/sec/ {print $2}'; }
for round in 1 2 3; do
  rate "$SLUICE_DEMO_URL" >>"$T/ours.rate"
  rate "http://127.0.0.1:$port" >>"$T/peer.rate"
done
ours=$(sort -n "$T/ours.rate" | sed -n 2p) peer=$(sort -n "$T/peer.rate" | sed -n 2p)
row "median of 3 (aim 0.8)" "$ours" "$peer" "$(calc "$ours / $peer")"
record "{\"measure\":\"http\",\"sluice_rps\":$ours,\"nginx_rps\":$peer}"
kill "$nginx_pid"
nginx_pid=''
stack_stop "$S"
