# The logs that bind what was done and what was published.
sl_scenario(40-audit-log)
sl_scenario(41-public-log)
sl_scenario(42-ended-keys)
