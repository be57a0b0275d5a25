sl_unit_test(reviewer LINK sl_reviewer)
sl_unit_test(reviewer_recheck LINK sl_reviewer)
sl_unit_test(reviewer_queue LINK sl_reviewer)
sl_unit_test(reviewer_read LINK sl_reviewer)
