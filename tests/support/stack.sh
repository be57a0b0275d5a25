# stack.sh - start and stop a demo gateway and outlet; sourced by demo, up, down and scenarios.
#
# The caller sets BIN (directory of the programs). stack_start DIR creates a demo set when
# DIR has none, starts both daemons and waits until both say ready.

STACK_POLICIES=${STACK_POLICIES:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/policies}

stack_wait_file() { # FILE SECONDS PID LOG
  local deadline=$((SECONDS + $2))
  until [ -e "$1" ]; do
    if ! kill -0 "$3" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
      printf 'did not become ready; the last lines of %s:\n' "$4" >&2
      tail -n 20 "$4" >&2
      return 1
    fi
    read -r -t 0.05 <> <(:) || :
  done
}

# yaml_value FILE KEY: the first scalar of that name, unquoted.
yaml_value() {
  sed -n "s/^ *$2: *\"\{0,1\}\([^\"]*\)\"\{0,1\} *\$/\1/p" "$1" | head -n 1
}

# Three in a row, as TLS takes the next two; below the range that the kernel gives to clients.
stack_free_port() {
  python3 -c '
import random, socket
while True:
    base, held = random.randrange(10240, 32700), []
    try:
        for port in range(base, base + 3):
            held.append(socket.socket())
            held[-1].bind(("127.0.0.1", port))
    except OSError:
        continue
    finally:
        for s in held:
            s.close()
    print(base)
    break'
}

stack_set() { # DIR [demo-set options...]; SLUICE_LINK: stream, udp or directory
  local dir=$1
  shift
  [ -e "$dir/env" ] && return
  [ -z "${SLUICE_LINK:-}" ] || set -- --link "$SLUICE_LINK" "$@"
  mkdir -p "$dir"
  "$BIN/sluice-keys" demo-set "$dir" --policies "$STACK_POLICIES" --outlet-port "$(stack_free_port)" "$@" >"$dir/demo-set.log"
}

stack_start_gateway() { # DIR
  rm -f "$1/gateway/run/ready"
  setsid "$BIN/sluiced" --config "$1/gateway.yaml" >"$1/gateway.log" 2>&1 </dev/null &
  echo $! >"$1/gateway.pid"
  stack_wait_file "$1/gateway/run/ready" 60 "$(cat "$1/gateway.pid")" "$1/gateway.log"
}

stack_start_outlet() { # DIR
  rm -f "$1/outlet/run/ready"
  setsid "$BIN/sluice-outlet" --config "$1/outlet.yaml" >"$1/outlet.log" 2>&1 </dev/null &
  echo $! >"$1/outlet.pid"
  stack_wait_file "$1/outlet/run/ready" 60 "$(cat "$1/outlet.pid")" "$1/outlet.log"
}

stack_stop_one() { # PIDFILE
  local pid deadline=$((SECONDS + 20))
  [ -e "$1" ] || return 0
  pid=$(cat "$1")
  kill -TERM "$pid" 2>/dev/null || :
  while kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $deadline ]; do
    read -r -t 0.05 <> <(:) || :
  done
  # Whatever is left of its process group goes too.
  kill -KILL -- "-$pid" 2>/dev/null || :
  rm -f "$1"
}

stack_start() { # DIR [demo-set options...]: ready when a platform can pull from the outlet
  stack_set "$@"
  stack_start_outlet "$1"
  stack_start_gateway "$1"
  stack_wait_file "$1/outlet/tree/metadata/timestamp.json" 60 "$(cat "$1/outlet.pid")" "$1/outlet.log"
}

stack_stop() { # DIR
  stack_stop_one "$1/gateway.pid"
  stack_stop_one "$1/outlet.pid"
}

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    read -r -t 0.1 <> <(:) || :
  done
}
