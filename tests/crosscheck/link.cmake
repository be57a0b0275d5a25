# Udp mode against a reader and writer that was made from docs/link-format.md alone.
add_executable(crosscheck_link link.c)
target_link_libraries(crosscheck_link PRIVATE sl_link sl_crypto sl_base)
set_target_properties(crosscheck_link PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME crosscheck.link COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/link.sh
  $<TARGET_FILE:crosscheck_link>)
set_tests_properties(crosscheck.link PROPERTIES LABELS crosscheck TIMEOUT 300
  SKIP_RETURN_CODE 77)
