sl_scenario(57-review-form)
