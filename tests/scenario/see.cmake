sl_scenario(50-seeing TIMEOUT 900)
# What takes long has a queue of its own.
sl_scenario(53-slow-documents TIMEOUT 400)
