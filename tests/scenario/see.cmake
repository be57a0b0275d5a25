sl_scenario(50-seeing TIMEOUT 900)
