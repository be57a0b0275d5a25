# What every extract test needs: the collector and the ZIP maker.
set(SL_EXTRACT_SUPPORT ${CMAKE_SOURCE_DIR}/tests/support/extract_collect.c
  ${CMAKE_SOURCE_DIR}/tests/support/make_zip.c)
foreach(part IN ITEMS text coded html html_style docx sheet slides odf ofd package nested archive pdf emit
    image rtf mail markup media)
  sl_unit_test(extract_${part} SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_extract sl_identify)
endforeach()
sl_unit_test(extract_outside LINK sl_extract)
sl_unit_test(extract_attributes LINK sl_extract)
sl_unit_test(extract_pdf_cost SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_extract sl_identify
  VENDOR PkgConfig::poppler)
sl_unit_test(clean SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_clean sl_identify)
sl_unit_test(clean_tiff LINK sl_clean sl_identify VENDOR PkgConfig::lept)
pkg_check_modules(libxml2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(qpdf REQUIRED IMPORTED_TARGET libqpdf)
sl_unit_test(clean_places SOURCES ${SL_EXTRACT_SUPPORT} LINK sl_clean VENDOR PkgConfig::libxml2)
sl_unit_test(clean_qpdf SOURCES ${SL_EXTRACT_SUPPORT} ${CMAKE_SOURCE_DIR}/tests/support/raw_pdf.c
  LINK sl_clean VENDOR PkgConfig::qpdf)
