sl_unit_test(link_assemble SOURCES link_kit.c LINK sl_link)
sl_unit_test(link_judge SOURCES trust_kit.c LINK sl_link sl_trust)
sl_unit_test(link_pull_udp SOURCES link_kit.c trust_kit.c LINK sl_receive sl_trust)
sl_unit_test(outlet_arrivals LINK sl_outlet)
