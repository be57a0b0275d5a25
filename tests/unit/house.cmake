sl_unit_test(policy_house LINK sl_house)
target_compile_definitions(test_policy_house PRIVATE SL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
sl_unit_test(desk_outcomes SOURCES desk_people.c desk_fixture.c LINK sl_intake sl_review)
target_compile_definitions(test_desk_outcomes PRIVATE SL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
