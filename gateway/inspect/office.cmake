# Documents of the formats before 2007.  LibreOffice is never linked: it is looked for when
# the program starts; without its header at build time the program says so.
find_path(LIBREOFFICEKIT_INCLUDE LibreOfficeKit/LibreOfficeKit.h)
sl_library(office
  SOURCES office/office_kit.c office/office_document.c office/office_legacy.c
    office/office_rest.c office/office_runs.c office/office_summary.c
    office/office_word_stream.c office/office_book_stream.c office/office_show_stream.c
  LINK sl_extract sl_identify sl_base VENDOR PkgConfig::icuuc)
if(LIBREOFFICEKIT_INCLUDE)
  target_compile_definitions(sl_office PRIVATE SL_WITH_OFFICE)
endif()
sl_role(sluice-filter-office SOURCES office_filter.c LINK sl_office sl_extract_answer)
