sl_unit_test(base_config LINK sl_base)
