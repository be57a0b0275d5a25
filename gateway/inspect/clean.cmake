pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
# Copies of documents with masks and without what nobody should get; a library of its own,
# so that tests and fuzzers reach it without a filter around it.
sl_library(clean
  SOURCES clean/clean.c clean/clean_left.c clean/clean_text.c clean/clean_image.c clean/clean_bmp.c
    clean/clean_tiff.c clean/clean_tiff_read.c clean/clean_tiff_tags.c
    clean/clean_xml.c clean/clean_xml_masks.c clean/clean_xml_names.c
    clean/clean_office.c clean/clean_office_rules.c clean/clean_zip.c clean/clean_pdf.c
  LINK sl_extract sl_identify sl_segment sl_base
  VENDOR PkgConfig::libxml2 PkgConfig::libzip PkgConfig::qpdf)
# What the program is given, and the program.
sl_library(clean_wire SOURCES clean_wire.c LINK sl_base)
sl_role(sluice-filter-clean SOURCES clean_filter.c LINK sl_clean sl_clean_wire sl_filter)
# The orchestrator's side.
sl_library(clean_call SOURCES clean_call.c LINK sl_clean_wire sl_filter_reply sl_base)
# What a fix does, from report and text alone.
sl_library(fix_plan SOURCES fix_plan.c fix_plan_settle.c fix_spans.c fix_masks.c
  LINK sl_filter_types sl_policy sl_base)
