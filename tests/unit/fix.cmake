sl_unit_test(fix_plan LINK sl_fix_plan)
sl_unit_test(clean_call LINK sl_clean_call)
