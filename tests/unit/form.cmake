sl_unit_test(form_record SOURCES trust_kit.c LINK sl_form sl_trust sl_crypto sl_base)
sl_unit_test(form LINK sl_paper sl_form sl_crypto sl_base)
# It prints some twenty forms and reads them again.
set_tests_properties(unit.form PROPERTIES TIMEOUT 300)
