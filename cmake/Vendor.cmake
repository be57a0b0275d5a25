# Libraries of the distribution; each is used in one folder only (a test keeps it so).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
foreach(pkg IN ITEMS
    libsodium:libsodium nettle:nettle isal:libisal sqlite3:sqlite3 libseccomp:libseccomp jansson:jansson
    libcyaml:libcyaml icuuc:icu-uc icui18n:icu-i18n libxml2:libxml-2.0 libarchive:libarchive
    poppler:poppler-glib microhttpd:libmicrohttpd curl:libcurl ncursesw:ncursesw
    clamav:libclamav cmocka:cmocka hs:libhs tesseract:tesseract lept:lept zbar:zbar
    pangocairo:pangocairo pangoft2:pangoft2 fontconfig:fontconfig chafa:chafa)
  string(REGEX REPLACE ":.*" "" alias ${pkg})
  string(REGEX REPLACE ".*:" "" module ${pkg})
  pkg_check_modules(${alias} REQUIRED IMPORTED_TARGET ${module})
endforeach()
# These two ship no pkg-config file.
find_library(NNG_LIBRARY nng REQUIRED)
add_library(Vendor::nng INTERFACE IMPORTED)
set_target_properties(Vendor::nng PROPERTIES INTERFACE_LINK_LIBRARIES "${NNG_LIBRARY};Threads::Threads")
find_library(MAGIC_LIBRARY magic REQUIRED)
add_library(Vendor::magic INTERFACE IMPORTED)
set_target_properties(Vendor::magic PROPERTIES INTERFACE_LINK_LIBRARIES "${MAGIC_LIBRARY}")
