# The gateway's supervisor: one program, its commands in files of their own.
sl_program(sluiced
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/sluiced.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_run.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_roles.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_check.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_doctor.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_status.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_host.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_store.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_trust.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_rules.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_swap.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_spawn.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_wait.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_av.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_doctor_link.c
    ${CMAKE_CURRENT_LIST_DIR}/sluiced_link.c ${CMAKE_CURRENT_LIST_DIR}/sluiced_resend.c
  LINK sl_link_doctor sl_routes sl_policy sl_house sl_proof sl_trust sl_sandbox)
