# Formats before 2007 by way of LibreOffice; skipped where it is not installed.
sl_scenario(51-old-formats TIMEOUT 900)
