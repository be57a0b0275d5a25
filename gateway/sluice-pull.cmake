sl_program(sluice-pull SOURCES sluice-pull.c LINK sl_pull)
