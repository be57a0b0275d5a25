# What custodians and policy officers do: the pure parts, and a folder in a temporary directory.
sl_unit_test(keys_roster_edit SOURCES trust_kit.c LINK sl_ceremony sl_trust sl_crypto sl_base)
sl_unit_test(keys_ceremony SOURCES trust_kit.c LINK sl_ceremony sl_trust sl_crypto sl_base)
sl_unit_test(trust_due SOURCES trust_kit.c LINK sl_trust sl_crypto sl_base)
sl_unit_test(trust_transcript SOURCES trust_kit.c LINK sl_trust sl_crypto sl_base)
