sl_unit_test(fix_plan LINK sl_fix_plan)
sl_unit_test(clean_call LINK sl_clean_call)
sl_unit_test(desk_fix SOURCES desk_people.c desk_fixture.c LINK sl_intake sl_review)
# A reviewer's words, where the inspector puts them in.
sl_unit_test(fix_edits SOURCES desk_people.c desk_fixture.c
    ${CMAKE_SOURCE_DIR}/gateway/inspect/fix_edits.c ${CMAKE_SOURCE_DIR}/gateway/inspect/fix_case.c
  LINK sl_intake sl_review sl_fix_plan sl_clean_call sl_sandbox)
