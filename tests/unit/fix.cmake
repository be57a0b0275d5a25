sl_unit_test(fix_plan LINK sl_fix_plan)
sl_unit_test(clean_call LINK sl_clean_call)
sl_unit_test(desk_fix SOURCES desk_people.c desk_fixture.c LINK sl_intake sl_review)
