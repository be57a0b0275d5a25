sl_unit_test(link_geometry LINK sl_link)
