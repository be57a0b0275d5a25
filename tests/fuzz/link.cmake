sl_fuzzer(link_datagram LINK sl_link)
sl_fuzzer(link_repair LINK sl_link)
