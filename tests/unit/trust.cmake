foreach(name IN ITEMS crypto_hash crypto_key crypto_mac crypto_dsse crypto_seal trust_roster
    trust_statement trust_approval trust_feed trust_feed_channels trust_vouch trust_suppression trust_procedure)
  sl_unit_test(${name} SOURCES trust_kit.c LINK sl_trust sl_crypto sl_base)
endforeach()
foreach(name IN ITEMS trust_tuf trust_tuf_client trust_tuf_delegation)
  sl_unit_test(${name} SOURCES trust_kit.c tuf_kit.c LINK sl_trust sl_crypto sl_base)
endforeach()
foreach(name IN ITEMS crypto_note crypto_merkle trust_tlog trust_tlog_proof)
  sl_unit_test(${name} SOURCES trust_kit.c tlog_kit.c LINK sl_trust sl_crypto sl_base)
endforeach()
sl_unit_test(crypto_sshsig SOURCES trust_kit.c ssh_kit.c LINK sl_trust sl_crypto sl_base
  VENDOR PkgConfig::libsodium)
sl_unit_test(trust_roster_ended SOURCES trust_kit.c LINK sl_trust sl_crypto sl_base)
sl_unit_test(trust_order SOURCES trust_kit.c LINK sl_trust sl_crypto sl_base)
sl_unit_test(trust_roster_ssh SOURCES trust_kit.c ssh_kit.c LINK sl_trust sl_crypto sl_base
  VENDOR PkgConfig::libsodium)
