# larmor_module(NAME [DEPENDS target...]): one folder, one library, one test program.
#
# *.cpp become the library `larmor_NAME` (an interface library where there are only headers); *_test.cpp beside them become
# `NAME_test`. A folder is added by writing one line; a file is added by writing the file.

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CCACHE ccache)
  if(CCACHE)
    # Neither absolute paths nor the precompiled header spoil the cache: a fresh clone elsewhere hits it, as long as no path of the
    # first clone stands in what is compiled (hence <precompiled.h>, by its name alone).
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  endif()
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# One and the same code model everywhere, so that one precompiled header serves libraries and programs.
add_link_options(-pie)
add_compile_options(-fPIE -Wall -Wextra -Wno-missing-field-initializers -Werror=return-type -fpch-preprocess -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

function(larmor_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  # A subfolder with a CMakeLists.txt of its own is a module of its own.
  file(GLOB_RECURSE nested CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CMakeLists.txt)
  foreach(list IN LISTS nested)
    get_filename_component(folder ${list} DIRECTORY)
    if(folder)
      list(FILTER sources EXCLUDE REGEX "^${folder}/")
    endif()
  endforeach()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  larmor_library(larmor_${name} "${sources}" "${arg_DEPENDS}")
  if(tests)
    larmor_tests(${name}_test "${tests}" "larmor_${name};${arg_TEST_DEPENDS}")
    add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

function(larmor_library target sources depends)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${depends} fmt::fmt Threads::Threads)
    larmor_precompile(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${depends})
  endif()
endfunction()

# A program of tests. The checks themselves need not be quick: they are compiled without the costly half of the optimiser.
function(larmor_tests target sources depends)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE ${depends} GTest::gmock_main)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Dev>:-O1>)
  if(target STREQUAL "base_test")
    target_precompile_headers(${target} PRIVATE <precompiled.h> <gmock/gmock.h>)
  else()
    target_precompile_headers(${target} REUSE_FROM base_test)
  endif()
endfunction()

function(larmor_precompile target)
  if(target STREQUAL "larmor_base")
    target_precompile_headers(${target} PRIVATE <precompiled.h>)
  else()
    target_precompile_headers(${target} REUSE_FROM larmor_base)
  endif()
endfunction()
