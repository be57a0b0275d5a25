# Rules, signatures and suppressions that change while the gateway runs.
sl_scenario(60-rules-swap TIMEOUT 600)
sl_scenario(61-inspected-again)
sl_scenario(62-signature-import)
sl_scenario(63-suppressions)
sl_scenario(64-sent-before)
sl_scenario(55-clocks)
sl_scenario(65-about-the-draft)
# Signs rule sets without looking at them.
add_executable(vouch ${CMAKE_SOURCE_DIR}/tests/support/vouch.c)
target_link_libraries(vouch PRIVATE sl_policy sl_trust)
set_target_properties(vouch PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
sl_scenario(66-broken-rules TIMEOUT 600)
sl_scenario(59-recheck TIMEOUT 600)
