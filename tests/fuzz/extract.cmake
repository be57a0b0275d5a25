foreach(kind IN ITEMS text html docx office odf ofd pdf archive image rtf mail markup media)
  sl_fuzzer(extract_${kind} SOURCES extract_fuzz.c ${CMAKE_SOURCE_DIR}/tests/support/make_zip.c
    LINK sl_extract)
endforeach()
sl_fuzzer(clean SOURCES ${CMAKE_SOURCE_DIR}/tests/support/make_zip.c LINK sl_clean)
sl_fuzzer(extract_outside LINK sl_extract)
sl_fuzzer(extract_css LINK sl_extract)
