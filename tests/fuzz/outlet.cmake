sl_fuzzer(unit_header LINK sl_link)
sl_fuzzer(unit LINK sl_link)
sl_fuzzer(link_frame LINK sl_link)
sl_fuzzer(outlet_url LINK sl_site)
