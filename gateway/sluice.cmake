# What people's programs share, and the authors' program.
add_library(sl_session STATIC wire/session.c policy/present.c policy/present_why.c policy/present_clock.c policy/present_route.c
    policy/present_fix.c policy/present_outcome.c policy/present_role.c
  review/order.c review/sign.c review/step.c)
target_link_libraries(sl_session PUBLIC sl_trust sl_wire sl_crypto sl_base)
sl_program(sluice SOURCES sluice.c sluice_submit.c sluice_fix.c sluice_appeal.c
    intake/author.c intake/author_fix.c
    intake/author_files.c intake/author_meta.c
  LINK sl_form_client sl_session sl_trust sl_wire sl_crypto sl_base VENDOR PkgConfig::libcyaml)
