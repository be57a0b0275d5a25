sl_unit_test(link_unit SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_link sl_trust)
sl_unit_test(link_inbox SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_link sl_trust)
sl_unit_test(link_udp_in SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_link sl_trust)
sl_unit_test(outlet_log SOURCES pull_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  LINK sl_pull sl_site)
add_dependencies(test_outlet_log sluice-pull)
sl_unit_test(outlet_pull SOURCES pull_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_pull sl_site)
add_dependencies(test_outlet_pull sluice-pull)
sl_unit_test(outlet_install SOURCES install_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  LINK sl_install killer)
sl_unit_test(outlet_keys SOURCES install_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  LINK sl_install)
sl_unit_test(outlet_hostile SOURCES install_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  ${CMAKE_SOURCE_DIR}/tests/support/hostile_unit.c
  LINK sl_install)
sl_unit_test(outlet_recall SOURCES install_kit.c outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  LINK sl_install killer)
sl_unit_test(outlet_line SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_link sl_trust)
add_dependencies(test_outlet_line sluice-pull sluice-outlet sluice-sender sluice-receiver
  sluice-installer sluice-server)
sl_unit_test(outlet_site SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c LINK sl_site sl_link sl_trust)
sl_unit_test(outlet_log_verify SOURCES outlet_kit.c outlet_kit_release.c outlet_kit_log.c
  tlog_kit.c trust_kit.c LINK sl_pull sl_site)
add_dependencies(test_outlet_log_verify sluice-pull)
