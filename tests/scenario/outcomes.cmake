sl_scenario(58-outcomes TIMEOUT 600)
