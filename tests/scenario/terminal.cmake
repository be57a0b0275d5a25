# The reviewers' terminal.
sl_scenario(70-queue)
