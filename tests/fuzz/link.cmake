sl_fuzzer(link_datagram LINK sl_link)
sl_fuzzer(link_repair LINK sl_link)
sl_fuzzer(link_probe LINK sl_link_doctor)
sl_fuzzer(link_route LINK sl_link_doctor)
