# Real programs under tests/kill: killed at every kind of write, or stopped at one of them.
sl_scenario(42-kill-everywhere TIMEOUT 1500)
sl_scenario(43-custodians-in-between)
