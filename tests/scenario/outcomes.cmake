sl_scenario(58-outcomes TIMEOUT 600)
sl_scenario(56-routes-scan TIMEOUT 600)
sl_scenario(56-routes-correction TIMEOUT 600)
sl_scenario(56-routes-modifiers TIMEOUT 600)
