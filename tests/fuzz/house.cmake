sl_fuzzer(codes LINK sl_house)
