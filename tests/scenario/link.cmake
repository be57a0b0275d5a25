# The one-way link between real daemons; tests/link has the bed of faults.
foreach(mode IN ITEMS udp stream directory)
  add_test(NAME scenario.80-link-${mode} COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/80-link.sh)
  set_tests_properties(scenario.80-link-${mode} PROPERTIES LABELS scenario TIMEOUT 300
    SKIP_RETURN_CODE 77
    ENVIRONMENT "SLUICE_SOURCE=${CMAKE_SOURCE_DIR};SLUICE_BUILD=${CMAKE_BINARY_DIR};SLUICE_LINK=${mode}")
endforeach()
sl_scenario(82-link-keys TIMEOUT 600)
