# The reviewers' terminal.
sl_scenario(70-queue)
sl_scenario(71-bad-moments)
sl_scenario(73-recheck-terminal TIMEOUT 300)
sl_scenario(72-two-languages TIMEOUT 300)
sl_scenario(73-picture-codes TIMEOUT 300)
