sl_program(sluice-outlet SOURCES sluice-outlet.c LINK sl_outlet)
