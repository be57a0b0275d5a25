# Notes, trees and proofs against Go's own: what each writes the other must accept.
add_executable(crosscheck_logs logs.c ${CMAKE_SOURCE_DIR}/tests/unit/tlog_kit.c
  ${CMAKE_SOURCE_DIR}/tests/unit/trust_kit.c)
target_include_directories(crosscheck_logs PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
target_link_libraries(crosscheck_logs PRIVATE sl_proof sl_trust sl_crypto sl_base
  PkgConfig::cmocka)
set_target_properties(crosscheck_logs PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME crosscheck.logs COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/logs.sh
  $<TARGET_FILE:crosscheck_logs>)
set_tests_properties(crosscheck.logs PROPERTIES LABELS crosscheck TIMEOUT 300
  SKIP_RETURN_CODE 77)
