sl_unit_test(policy_house LINK sl_house)
target_compile_definitions(test_policy_house PRIVATE SL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
