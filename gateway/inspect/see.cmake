# What a person sees: pages drawn, pictures and codes read.
sl_library(see
  SOURCES see/see_document.c see/see_header.c
    see/see_reader.c see/see_reader_text.c see/see_star.c see/see_codes.c
    see/see_picture.c see/see_bmp.c see/see_looks.c see/see_patch.c
    see/see_package.c see/see_page.c see/see_layer.c see/see_ink.c see/see_lines.c
    see/see_units.c see/see_known.c see/see_cut.c see/see_sheet.c see/see_align.c
    see/see_strip.c see/see_rest.c see/see_tips.c see/see_pdf.c
  LINK sl_extract sl_views sl_crypto sl_base
  VENDOR PkgConfig::tesseract PkgConfig::lept PkgConfig::zbar PkgConfig::poppler
    PkgConfig::libarchive m)
sl_role(sluice-filter-see SOURCES see_filter.c LINK sl_see sl_extract_answer)
