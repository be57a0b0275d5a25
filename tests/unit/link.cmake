sl_unit_test(link_datagram SOURCES trust_kit.c LINK sl_link sl_trust)
sl_unit_test(link_geometry LINK sl_link)
sl_unit_test(link_repair LINK sl_link)
sl_unit_test(link_window LINK sl_link)
