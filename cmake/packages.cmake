# The packages that cpack builds: two .deb for a Linux build, and for a Windows build a .zip that
# runs where it is unpacked. scripts/package builds them.
set(CPACK_PACKAGE_NAME aiobench)
set(CPACK_PACKAGE_VENDOR "aiobench")
set(CPACK_PACKAGE_CONTACT "aiobench developers <aiobench@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compares asynchronous file I/O mechanisms on real files")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/before_packing.cmake")
set(CPACK_VERBATIM_VARIABLES ON)

if(WIN32)
  set(CPACK_GENERATOR ZIP)
  set(CPACK_COMPONENTS_ALL program)
  set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
  set(CPACK_PACKAGE_FILE_NAME "aiobench-${PROJECT_VERSION}-windows-x86_64")
  set(CPACK_ARCHIVE_PROGRAM_FILE_NAME "${CPACK_PACKAGE_FILE_NAME}")
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_COMPONENTS_ALL program development)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME aiobench)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "wine64")
  set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"aiobench streams large files through a hasher, reads or copies them, over an
I/O mechanism that the user picks (io_uring, libaio, posix-aio, threads, mmap),
and records latency and throughput of every request. The Windows mechanisms
(overlapped, extended, iocp, threadpool) run in its Windows build, under Wine.")
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libaiobench-dev)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${AIOBENCH_DEBIAN_DEPENDS}")
  set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"The headers and the static library with which a program hashes files over any
of aiobench's I/O mechanisms, and its CMake package: find_package(aiobench).")
endif()
include(CPack)
