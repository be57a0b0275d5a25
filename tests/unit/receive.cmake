sl_unit_test(link_assemble SOURCES link_kit.c LINK sl_link)
