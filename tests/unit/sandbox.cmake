sl_unit_test(base_config LINK sl_base)
sl_unit_test(sandbox_attack LINK sl_sandbox)
sl_unit_test(sandbox_work LINK sl_sandbox)
sl_unit_test(base_process LINK sl_base)
