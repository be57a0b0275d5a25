# Warnings that every file of ours is compiled with.
set(SL_WARNINGS
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wundef -Wcast-qual -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough
  -Wnull-dereference)
if(SL_WERROR)
  list(APPEND SL_WARNINGS -Werror)
endif()
add_compile_options(${SL_WARNINGS})
# Calls without a safe use do not compile.
add_compile_options(-include ${CMAKE_SOURCE_DIR}/gateway/base/banned.h)
add_compile_definitions(_GNU_SOURCE SL_VERSION="${PROJECT_VERSION}")
