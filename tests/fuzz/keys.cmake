foreach(name IN ITEMS ceremony_signature ceremony_document transcript)
  sl_fuzzer(${name} LINK sl_ceremony sl_trust sl_crypto sl_base)
endforeach()
