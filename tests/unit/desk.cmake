sl_unit_test(wire_message LINK sl_wire)
sl_unit_test(wire_replay LINK sl_wire)
sl_unit_test(wire_server LINK sl_wire)
