# The rules that ship, through the filters that the gateway runs.
sl_scenario(20-policy-tool)
