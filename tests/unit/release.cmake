sl_unit_test(release_line SOURCES release_kit.c LINK sl_release sl_demo)
