foreach(name IN ITEMS base_bytes base_json base_text base_file base_slot base_catalogue base_config_link)
  sl_unit_test(${name} LINK sl_base)
endforeach()
