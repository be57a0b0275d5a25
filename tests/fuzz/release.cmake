sl_fuzzer(casefile LINK sl_proof sl_trust sl_crypto sl_base)
