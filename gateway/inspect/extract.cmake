# Text out of documents.  The parsers are a library of their own, so that tests and
# fuzzers reach them without a filter around them.
pkg_check_modules(qpdf REQUIRED IMPORTED_TARGET libqpdf)
sl_library(extract
  SOURCES extract/extract.c extract/extract_emit.c extract/extract_load.c
    extract/extract_document.c extract/extract_nested.c
    extract/extract_archive.c extract/extract_archive_notes.c extract/extract_attributes.c
    extract/extract_decode.c extract/extract_plain.c extract/extract_csv.c
    extract/extract_note.c extract/extract_coded.c extract/extract_uu.c extract/extract_formula.c
    extract/extract_markdown.c
    extract/extract_image.c extract/extract_jpeg.c
    extract/extract_png.c extract/extract_png_pixels.c
    extract/extract_exif.c extract/extract_iptc.c
    extract/extract_media.c extract/extract_tags.c
    extract/extract_markup.c extract/extract_card.c
    extract/extract_mail.c extract/extract_mail_head.c
    extract/extract_rtf.c extract/extract_rtf_flow.c extract/extract_rtf_words.c
    extract/extract_rtf_files.c
    extract/extract_html.c extract/extract_html_attr.c extract/extract_html_text.c
    extract/extract_html_gather.c extract/extract_html_look.c extract/extract_html_style.c
    extract/extract_html_sheet.c extract/extract_html_select.c
    extract/extract_css.c extract/extract_css_color.c
    extract/extract_xml.c extract/extract_xml_unheard.c extract/extract_package.c
    extract/extract_packed.c extract/extract_props.c
    extract/extract_ooxml.c extract/extract_docx.c extract/extract_styles.c
    extract/extract_links.c extract/extract_outside.c extract/extract_shapes.c
    extract/extract_boxes.c extract/extract_pptx.c extract/extract_xlsx.c
    extract/extract_sheet.c extract/extract_sheet_book.c extract/extract_sheet_formats.c
    extract/extract_odf_package.c extract/extract_odf_content.c extract/extract_odf_frames.c
    extract/extract_odf_elements.c
    extract/extract_odf_styles.c
    extract/extract_ofd.c extract/extract_ofd_page.c
    extract/extract_word.c extract/extract_word_flow.c extract/extract_word_names.c
    extract/extract_pdf.c extract/extract_pdf_page.c extract/extract_pdf_unseen.c
    extract/extract_pdf_bytes.c extract/extract_pdf_parts.c extract/extract_pdf_revisions.c
    extract/extract_pdf_cost.c extract/extract_pdf_graph.c extract/extract_pdf_paint.c
    extract/extract_pdf_tokens.c extract/extract_pdf_pictures.c
    extract/extract_qpdf.c extract/extract_pdf_objects.c extract/extract_pdf_outside.c
  LINK sl_identify sl_filter_types sl_base
  VENDOR PkgConfig::icuuc PkgConfig::libxml2 PkgConfig::libarchive PkgConfig::poppler
    PkgConfig::qpdf m)
# What the programs over it share.
sl_library(extract_answer SOURCES extract_answer.c LINK sl_extract sl_filter)
sl_role(sluice-filter-extract SOURCES extract_filter.c LINK sl_extract_answer)
