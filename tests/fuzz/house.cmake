sl_fuzzer(codes LINK sl_house)
sl_fuzzer(accounts LINK sl_house)
