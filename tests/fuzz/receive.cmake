sl_fuzzer(pull_hint LINK sl_pull)
sl_fuzzer(link_assemble LINK sl_link)
