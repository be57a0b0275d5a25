sl_unit_test(release_line SOURCES release_kit.c LINK sl_release sl_demo)
sl_unit_test(release_kill SOURCES release_kit.c LINK sl_release sl_demo killer)
sl_unit_test(release_verify SOURCES release_kit.c LINK sl_release sl_demo)
sl_unit_test(release_delta LINK sl_proof)
sl_unit_test(keys_demo LINK sl_proof sl_demo)
sl_unit_test(release_audit SOURCES tlog_kit.c trust_kit.c LINK sl_audit killer VENDOR PkgConfig::sqlite3)
sl_unit_test(release_hints LINK sl_release)
# Hundreds of kills each.
set_tests_properties(unit.release_kill PROPERTIES TIMEOUT 600)
