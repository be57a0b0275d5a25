sl_fuzzer(recompare LINK sl_reviewer)
