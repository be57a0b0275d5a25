sl_unit_test(inspect_identify LINK sl_identify)
sl_unit_test(inspect_reply LINK sl_filter_reply)
sl_unit_test(inspect_ledger LINK sl_ledger)
sl_unit_test(inspect_merge LINK sl_inspect)
sl_unit_test(inspect_again LINK sl_inspect)
sl_unit_test(inspect_waive LINK sl_inspect)
sl_unit_test(inspect_memory LINK sl_filter VENDOR PkgConfig::libsodium)
sl_unit_test(inspect_faults SOURCES ${CMAKE_SOURCE_DIR}/tests/support/make_zip.c LINK sl_inspect
  VENDOR ZLIB::ZLIB)
add_executable(evil_filter ${CMAKE_SOURCE_DIR}/tests/support/evil_filter.c)
target_link_libraries(evil_filter PRIVATE sl_filter)
set_target_properties(evil_filter PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(test_inspect_faults evil_filter sluice-filter-type sluice-filter-av
  sluice-filter-extract sluice-filter-see sluice-filter-match sluice-filter-office)
sl_unit_test(inspect_views LINK sl_views)
sl_unit_test(see_header LINK sl_see)
sl_unit_test(see_bmp LINK sl_see VENDOR PkgConfig::lept)
sl_unit_test(see_units LINK sl_see VENDOR PkgConfig::lept PkgConfig::poppler)
sl_unit_test(see_align LINK sl_see VENDOR PkgConfig::lept PkgConfig::poppler)
sl_unit_test(see_patch LINK sl_see VENDOR PkgConfig::lept m)
sl_unit_test(see_tips LINK sl_see VENDOR PkgConfig::lept)
sl_unit_test(see_star LINK sl_see VENDOR PkgConfig::lept m)
find_package(ZLIB REQUIRED)
pkg_check_modules(cairo REQUIRED IMPORTED_TARGET cairo cairo-pdf)
sl_unit_test(inspect_see SOURCES see_kit.c ${CMAKE_SOURCE_DIR}/tests/support/draw.c LINK
    sl_inspect
  VENDOR PkgConfig::cairo ZLIB::ZLIB)
add_dependencies(test_inspect_see sluice-filter-type sluice-filter-av sluice-filter-extract
  sluice-filter-see sluice-filter-match)
# Reading is slow, and other tests run beside it.
set_tests_properties(unit.inspect_see PROPERTIES TIMEOUT 600)
sl_unit_test(inspect_see_long SOURCES see_kit.c ${CMAKE_SOURCE_DIR}/tests/support/raw_pdf.c
  ${CMAKE_SOURCE_DIR}/tests/support/draw.c LINK sl_inspect VENDOR PkgConfig::cairo ZLIB::ZLIB)
add_dependencies(test_inspect_see_long sluice-filter-type sluice-filter-av sluice-filter-extract
  sluice-filter-see sluice-filter-match)
set_tests_properties(unit.inspect_see_long PROPERTIES TIMEOUT 900)
