foreach(name IN ITEMS json_signed dsse statement roster manifest feed tuf key_file
    note tlog_proof tlog_policy tlog_bundle log_entry audit_entry sshsig vouch)
  sl_fuzzer(${name} LINK sl_trust sl_crypto sl_base)
endforeach()
