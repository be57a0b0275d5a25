# Formats before 2007 by way of LibreOffice; skipped where it is not installed.
sl_scenario(51-old-formats TIMEOUT 900)
# A leak in each hiding place, in files of other programs.
sl_scenario(52-hiding-places TIMEOUT 600)
