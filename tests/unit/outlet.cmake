sl_unit_test(link_unit SOURCES outlet_kit.c LINK sl_link sl_trust)
sl_unit_test(link_inbox SOURCES outlet_kit.c LINK sl_link sl_trust)
sl_unit_test(outlet_pull SOURCES outlet_kit.c LINK sl_pull sl_site)
add_dependencies(test_outlet_pull sluice-pull)
