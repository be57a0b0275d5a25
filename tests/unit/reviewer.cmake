sl_unit_test(reviewer LINK sl_reviewer)
