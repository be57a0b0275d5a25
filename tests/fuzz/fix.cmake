sl_fuzzer(clean_wire LINK sl_clean_wire)
sl_fuzzer(fix_plan LINK sl_fix_plan)
