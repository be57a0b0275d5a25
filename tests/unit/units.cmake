sl_unit_test(desk_units SOURCES desk_people.c desk_fixture.c LINK sl_intake sl_review)
