sl_fuzzer(form_fields LINK sl_form sl_crypto sl_base)
sl_fuzzer(form_record LINK sl_form sl_trust sl_crypto sl_base)
