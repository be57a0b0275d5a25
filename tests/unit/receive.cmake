sl_unit_test(link_assemble SOURCES link_kit.c LINK sl_link)
sl_unit_test(link_judge SOURCES trust_kit.c LINK sl_link sl_trust)
sl_unit_test(link_pull_udp SOURCES link_kit.c trust_kit.c LINK sl_receive sl_trust)
sl_unit_test(outlet_arrivals LINK sl_outlet)
sl_unit_test(outlet_hint SOURCES pull_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  LINK sl_pull sl_site)
add_dependencies(test_outlet_hint sluice-pull)
sl_unit_test(link_udp_ring LINK sl_link)
sl_unit_test(link_quarantine SOURCES link_kit.c LINK sl_link)
