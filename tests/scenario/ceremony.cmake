# Keys over years: ceremonies, rotations, changes of the approval policy.
sl_scenario(21-first-ceremony)
sl_scenario(22-root-rotations)
sl_scenario(23-policy-versions)
sl_scenario(24-ceremony-refusals)
sl_scenario(25-stolen-gateway-keys)
sl_scenario(26-ceremony-guide)
