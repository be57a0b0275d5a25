sl_fuzzer(see_bmp LINK sl_see VENDOR PkgConfig::lept)
sl_fuzzer(see_header LINK sl_see)
sl_fuzzer(views LINK sl_views)
sl_fuzzer(see_units LINK sl_see VENDOR PkgConfig::lept PkgConfig::poppler)
