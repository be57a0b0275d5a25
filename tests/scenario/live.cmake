# Rules, signatures and suppressions that change while the gateway runs.
sl_scenario(60-rules-swap)
