# Real programs under tests/kill: killed at every kind of write, or stopped at one of them.
sl_scenario(43-kill-everywhere TIMEOUT 1500)
sl_scenario(44-custodians-in-between)
