# Attacks of design section 10 that reach a platform or an outlet as a whole tree; each is a
# script of its own against sluice-pull and sluice-outlet, with material from `forge`.
add_executable(attack_forge attack/forge.c attack/forge_approvals.c attack/forge_trees.c
  unit/outlet_kit.c unit/outlet_kit_release.c unit/outlet_kit_log.c
  unit/ssh_kit.c)
target_include_directories(attack_forge PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit
  ${CMAKE_CURRENT_SOURCE_DIR}/attack)
target_link_libraries(attack_forge PRIVATE sl_link sl_trust sl_crypto sl_base PkgConfig::cmocka
  PkgConfig::libsodium)
set_target_properties(attack_forge PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
foreach(name IN ITEMS P09-one-person P10-another-release P11-types P12-formats P15-stale-approval
    P16-author-approves P18-frozen-or-suppressed P22-flood)
  add_test(NAME attack.${name}
    COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/attack/${name}.sh)
  set_tests_properties(attack.${name} PROPERTIES LABELS attack TIMEOUT 300 SKIP_RETURN_CODE 77
    ENVIRONMENT "SLUICE_SOURCE=${CMAKE_SOURCE_DIR};SLUICE_BUILD=${CMAKE_BINARY_DIR}")
endforeach()
