sl_unit_test(release_line SOURCES release_kit.c LINK sl_release sl_demo)
sl_unit_test(release_verify SOURCES release_kit.c LINK sl_release sl_demo)
sl_unit_test(release_delta LINK sl_proof)
sl_unit_test(keys_demo LINK sl_proof sl_demo)
