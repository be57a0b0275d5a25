foreach(kind IN ITEMS office_legacy office_summary)
  sl_fuzzer(${kind} LINK sl_office sl_extract)
endforeach()
