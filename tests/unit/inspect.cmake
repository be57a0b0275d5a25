sl_unit_test(inspect_identify LINK sl_identify)
sl_unit_test(inspect_reply LINK sl_filter_reply)
sl_unit_test(inspect_ledger LINK sl_ledger)
sl_unit_test(inspect_faults LINK sl_inspect)
add_executable(evil_filter ${CMAKE_SOURCE_DIR}/tests/support/evil_filter.c)
target_link_libraries(evil_filter PRIVATE sl_filter)
set_target_properties(evil_filter PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(test_inspect_faults evil_filter sluice-filter-type sluice-filter-av
  sluice-filter-extract sluice-filter-match)
