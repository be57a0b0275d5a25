# The role that drives the filters; the only part of this folder that knows the store.
if(TARGET sl_inspect)
  sl_role(sluice-inspector SOURCES inspector.c in_force.c verdict_case.c verdict_rules.c again_case.c
    recheck_worker.c waivers.c similar.c draft_record_load.c spill_case.c
      fix_case.c fix_edits.c
    LINK sl_routes sl_inspect sl_fix_plan sl_clean_call sl_policy sl_store sl_trust sl_sandbox sl_crypto
    sl_base VENDOR Threads::Threads)
endif()
