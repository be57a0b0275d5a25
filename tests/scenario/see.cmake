sl_scenario(50-seeing TIMEOUT 900)
# What takes long has a queue of its own.
sl_scenario(53-slow-documents TIMEOUT 400)
# Bombs of every kind of file: verdict and reason, and nobody waits.
sl_scenario(54-bombs TIMEOUT 600)
