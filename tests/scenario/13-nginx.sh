#!/usr/bin/env bash
# Goal: the tree is static: nginx serves it with the configuration of docs/, and a platform
# pulls from it as from the built-in server; both answer conditional and range requests alike.
. "$(dirname "$0")/common.sh"
nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "nginx is not installed"
start_all
submit --type CT05 "$SAMPLES/01-road-works-clean.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
approve_route_a "$id"
wait_until 30 pull_until_live "$T/site" "${id/D-/R-}" || fail "it never arrived"

port=$(stack_free_port)
mkdir -p "$T/nginx/logs" "$T/nginx/tmp"
sed -e "s#@PREFIX@#$T/nginx#g" -e "s#@TREE@#$T/outlet/tree#g" -e "s#@ADDRESS@#127.0.0.1:$port#g" \
  "$SOURCE/docs/nginx-outlet.conf" >"$T/nginx/nginx.conf"
"$nginx" -p "$T/nginx" -c "$T/nginx/nginx.conf" -e "$T/nginx/error.log"
stop_nginx() {
  local code=$?
  "$nginx" -p "$T/nginx" -c "$T/nginx/nginx.conf" -s stop 2>/dev/null || printf 'nginx had ended\n'
  finish $code
}
trap stop_nginx EXIT
SLUICE_DEMO_URL_BUILTIN=$SLUICE_DEMO_URL
SLUICE_DEMO_URL=http://127.0.0.1:$port/
wait_until 20 pull_until_live "$T/from-nginx" "${id/D-/R-}" || fail "a platform cannot pull from nginx"
cmp "$SAMPLES/01-road-works-clean.txt" "$T/from-nginx/live/${id/D-/R-}/files/01-road-works-clean.txt"

blob=$(jq -r '.blobs[0].sha256' "$T/site/live/${id/D-/R-}/manifest.json")
for base in "$SLUICE_DEMO_URL" "$SLUICE_DEMO_URL_BUILTIN"; do
  url=${base%/}/blobs/${blob:0:2}/$blob
  etag=$(curl -sfI "$url" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
  [ -n "$etag" ] || fail "$base sends no ETag"
  same "$(curl -s -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$url")" 304 "$base If-None-Match"
  same "$(curl -s -o "$T/part" -w '%{http_code}' -r 0-9 "$url")" 206 "$base Range"
  same "$(head -c 10 "$SAMPLES/01-road-works-clean.txt" | sha256sum)" "$(sha256sum <"$T/part")" "$base range bytes"
  same "$(curl -s -o /dev/null -w '%{http_code}' "${base%/}/../outlet.yaml" --path-as-is)" 404 "$base path outside"
  same "$(curl -s -o /dev/null -w '%{http_code}' "${base%/}/blobs/")" 404 "$base directory"
done
