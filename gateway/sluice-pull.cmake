sl_program(sluice-pull SOURCES sluice-pull.c sluice_pull_log.c LINK sl_pull)
