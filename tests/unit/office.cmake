sl_unit_test(office_legacy LINK sl_office sl_extract sl_identify)
