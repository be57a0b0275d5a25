sl_fuzzer(wire_request LINK sl_wire)
sl_fuzzer(wire_reply LINK sl_wire)
sl_fuzzer(list_filter LINK sl_review)
sl_fuzzer(review_settings LINK sl_reviewer)
