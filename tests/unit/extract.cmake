# What every extract test needs: the collector and the ZIP maker.
set(SL_EXTRACT_SUPPORT ${CMAKE_SOURCE_DIR}/tests/support/extract_collect.c
  ${CMAKE_SOURCE_DIR}/tests/support/make_zip.c)
foreach(part IN ITEMS text html docx sheet slides odf ofd package nested archive pdf emit
    image rtf mail markup media)
  sl_unit_test(extract_${part} SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_extract sl_identify)
endforeach()
sl_unit_test(extract_outside LINK sl_extract)
sl_unit_test(extract_pdf_cost SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_extract sl_identify
  VENDOR PkgConfig::poppler)
sl_unit_test(clean SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_clean sl_identify)
