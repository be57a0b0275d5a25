# Rules, signatures and suppressions that change while the gateway runs.
sl_scenario(60-rules-swap TIMEOUT 600)
sl_scenario(61-inspected-again)
sl_scenario(62-signature-import)
sl_scenario(63-suppressions)
sl_scenario(64-sent-before)
sl_scenario(65-about-the-draft)
