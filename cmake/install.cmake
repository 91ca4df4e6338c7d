# The install rules, in two components: "program", the default of every rule, and "development", the
# library. Packages have the same files (packages.cmake).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
  GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
if(WIN32)
  # The program runs from the unpacked directory. The program and its documents are at the top.
  set(program_directory .)
  set(documents_directory .)
  set(development_documents_directory docs)
else()
  set(program_directory "${CMAKE_INSTALL_BINDIR}")
  set(documents_directory "${CMAKE_INSTALL_DATAROOTDIR}/doc/aiobench")
  set(development_documents_directory "${CMAKE_INSTALL_DATAROOTDIR}/doc/libaiobench-dev")
endif()

# The program runs Windows engines in the Windows build. If there is no Windows build, none is
# installed, and selecting a Windows engine is an error.
set(AIOBENCH_WINDOWS_BUILD "${PROJECT_BINARY_DIR}/../windows/aiobench.exe" CACHE FILEPATH
  "Windows build to install along with the program, if it is there")

if(AIOBENCH_TOOL)
  install(TARGETS aiobench RUNTIME DESTINATION "${program_directory}")
  if(NOT WIN32)
    # src/os/linux/wine.cpp searches this directory.
    install(FILES "${AIOBENCH_WINDOWS_BUILD}" DESTINATION lib/aiobench OPTIONAL)
  endif()
  install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${documents_directory}")
  install(DIRECTORY docs results DESTINATION "${documents_directory}"
    FILES_MATCHING PATTERN "*.md" PATTERN "*.schema.json" PATTERN example EXCLUDE)
endif()

install(TARGETS aiobench_archive EXPORT aiobench COMPONENT development
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET public_headers DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
# The licences of third-party code. They are searched at install time, so a build does not need
# them.
set(AIOBENCH_LICENCE_DIRECTORY /usr/share/doc CACHE PATH
  "Holds a directory for each package, with its licence in a file 'copyright'")
set(licences "${PROJECT_BINARY_DIR}/licences")
install(CODE "execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND \"${CMAKE_COMMAND}\"
  \"-DOUTPUT=${licences}\" \"-DSYSTEM=${AIOBENCH_SYSTEM}\" \"-DDIRECTORY=${AIOBENCH_LICENCE_DIRECTORY}\"
  \"-DWINDOWS_BUILD=${AIOBENCH_WINDOWS_BUILD}\" \"-DCHART=${AIOBENCH_CHART_JS}\"
  -P \"${PROJECT_SOURCE_DIR}/cmake/licences.cmake\")" ALL_COMPONENTS)
install(DIRECTORY "${licences}" DESTINATION "${documents_directory}")
install(DIRECTORY "${licences}" DESTINATION "${development_documents_directory}"
  COMPONENT development)

set(config_directory "${CMAKE_INSTALL_LIBDIR}/cmake/aiobench")
install(EXPORT aiobench NAMESPACE aiobench:: FILE aiobenchTargets.cmake
  DESTINATION "${config_directory}" COMPONENT development)
configure_package_config_file(cmake/aiobenchConfig.cmake.in
  "${PROJECT_BINARY_DIR}/aiobenchConfig.cmake" INSTALL_DESTINATION "${config_directory}"
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/aiobenchConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/aiobenchConfig.cmake"
  "${PROJECT_BINARY_DIR}/aiobenchConfigVersion.cmake"
  DESTINATION "${config_directory}" COMPONENT development)
install(DIRECTORY docs/example/ DESTINATION "${development_documents_directory}/examples"
  COMPONENT development)

# Builds everything that is installed, without the tests.
add_custom_target(installed DEPENDS aiobench_archive)
if(AIOBENCH_TOOL)
  add_dependencies(installed aiobench)
endif()
if(TARGET documents)
  add_dependencies(installed documents)
endif()
