sl_scenario(80-link-doctor)
sl_scenario(81-link-guide)
