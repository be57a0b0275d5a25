# The main job and the ways people and machines try to break it.
sl_scenario(01-clean-draft)
sl_scenario(02-verdicts)
sl_scenario(03-who-may-sign)
sl_scenario(04-recall)
sl_scenario(05-link-down)
sl_scenario(06-demo)
