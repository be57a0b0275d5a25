foreach(name IN ITEMS json_signed dsse statement roster manifest feed tuf key_file sshsig)
  sl_fuzzer(${name} LINK sl_trust sl_crypto sl_base)
endforeach()
