# Message catalogues: po/zh_CN.po -> build/share/locale/zh_CN/LC_MESSAGES/sluice.mo
find_program(MSGFMT msgfmt REQUIRED)
set(SL_LOCALE_OUT ${CMAKE_BINARY_DIR}/share/locale/zh_CN/LC_MESSAGES)
add_custom_command(
  OUTPUT ${SL_LOCALE_OUT}/sluice.mo
  COMMAND ${CMAKE_COMMAND} -E make_directory ${SL_LOCALE_OUT}
  COMMAND ${MSGFMT} --check -o ${SL_LOCALE_OUT}/sluice.mo ${CMAKE_SOURCE_DIR}/po/zh_CN.po
  DEPENDS ${CMAKE_SOURCE_DIR}/po/zh_CN.po)
add_custom_target(translations ALL DEPENDS ${SL_LOCALE_OUT}/sluice.mo)
