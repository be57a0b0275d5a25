sl_fuzzer(identify LINK sl_identify)
sl_fuzzer(filter_reply LINK sl_filter_reply)
sl_fuzzer(case_sources LINK sl_inspect)
