# Short words for the three kinds of thing we build.
#
# sl_library(NAME base SOURCES a.c b.c LINK sl_other VENDOR PkgConfig::X)
function(sl_library name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;VENDOR" ${ARGN})
  add_library(sl_${name} STATIC ${A_SOURCES})
  target_link_libraries(sl_${name} PUBLIC ${A_LINK} PRIVATE ${A_VENDOR})
endfunction()

# sl_program(sluice SOURCES sluice.c LINK sl_wire): a program people start, in bin/.
function(sl_program name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;VENDOR" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE ${A_LINK} ${A_VENDOR})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# sl_role(sluice-desk SOURCES desk.c LINK ...): a program that only a daemon starts.
function(sl_role name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;VENDOR" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE ${A_LINK} ${A_VENDOR})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${SL_LIBEXEC})
  install(TARGETS ${name} RUNTIME DESTINATION libexec/sluice)
endfunction()

# sl_unit_test(base_buf LINK sl_base): tests/unit/test_base_buf.c with cmocka.
function(sl_unit_test name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;VENDOR" ${ARGN})
  add_executable(test_${name} test_${name}.c ${A_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${A_LINK} ${A_VENDOR} PkgConfig::cmocka)
  target_compile_definitions(test_${name} PRIVATE
    SL_SOURCE_DIR="${CMAKE_SOURCE_DIR}" SL_BUILD_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME unit.${name} COMMAND test_${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# sl_fuzzer(json LINK sl_base): tests/fuzz/fuzz_json.c, run over its corpus as a
# normal test; with SL_FUZZ also a libFuzzer program.
function(sl_fuzzer name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;VENDOR" ${ARGN})
  add_executable(corpus_${name} fuzz_${name}.c corpus_main.c ${A_SOURCES})
  target_link_libraries(corpus_${name} PRIVATE ${A_LINK} ${A_VENDOR})
  set_target_properties(corpus_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME fuzz.${name} COMMAND corpus_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  if(SL_FUZZ)
    add_executable(fuzz_${name} fuzz_${name}.c ${A_SOURCES})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE ${A_LINK} ${A_VENDOR})
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  endif()
endfunction()

# sl_scenario(01-clean-draft): tests/scenario/01-clean-draft.sh against real daemons.
function(sl_scenario name)
  cmake_parse_arguments(A "" "TIMEOUT" "" ${ARGN})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 300)
  endif()
  add_test(NAME scenario.${name}
    COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/${name}.sh)
  set_tests_properties(scenario.${name} PROPERTIES LABELS scenario TIMEOUT ${A_TIMEOUT}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "SLUICE_SOURCE=${CMAKE_SOURCE_DIR};SLUICE_BUILD=${CMAKE_BINARY_DIR}")
endfunction()
