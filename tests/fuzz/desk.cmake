sl_fuzzer(wire_request LINK sl_wire)
sl_fuzzer(wire_reply LINK sl_wire)
