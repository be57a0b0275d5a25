pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
# Copies of documents with masks and without what nobody should get; a library of its own,
# so that tests and fuzzers reach it without a filter around it.
sl_library(clean
  SOURCES clean/clean.c clean/clean_text.c clean/clean_image.c clean/clean_xml.c
    clean/clean_office.c clean/clean_office_rules.c clean/clean_zip.c clean/clean_pdf.c
  LINK sl_extract sl_base
  VENDOR PkgConfig::libxml2 PkgConfig::libzip PkgConfig::qpdf)
