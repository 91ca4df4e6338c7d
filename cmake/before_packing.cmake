# cpack runs this script after it has installed the files of the packages and before it packs them.

# Adds the files that Debian's policy requires in a package; `cmake --install` does not install
# them. Strips the Windows program here, because cpack strips only programs of this compiler.
function(suit_debian root package)
  set(documents "${root}/usr/share/doc/${package}")

  file(READ "${CPACK_RESOURCE_FILE_LICENSE}" own)
  file(READ "${documents}/licences/README.txt" others)
  file(WRITE "${documents}/copyright" "${own}\n${others}
On Debian systems the full texts are /usr/share/common-licenses/LGPL-2.1 and
/usr/share/common-licenses/GPL-3 too.\n")
  file(REMOVE "${documents}/LICENSE")

  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, if it is set
  file(WRITE "${documents}/changelog.Debian" "${package} (${CPACK_PACKAGE_VERSION}-\
${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n
  * changelog.gz of the package aiobench lists the changes.\n
 -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(GLOB_RECURSE pages "${root}/usr/share/man/*.[1-9]")
  if(EXISTS "${documents}/CHANGELOG.md")
    file(RENAME "${documents}/CHANGELOG.md" "${documents}/changelog")
    list(APPEND pages "${documents}/changelog")
  endif()
  execute_process(COMMAND gzip -9n "${documents}/changelog.Debian" ${pages}
    COMMAND_ERROR_IS_FATAL ANY)
  # The permissions must not depend on the umask.
  execute_process(COMMAND chmod -R go-w "${root}" COMMAND_ERROR_IS_FATAL ANY)

  find_program(windows_strip NAMES x86_64-w64-mingw32-strip)
  set(windows_program "${root}/usr/lib/aiobench/aiobench.exe")
  if(windows_strip AND EXISTS "${windows_program}")
    execute_process(COMMAND "${windows_strip}" "${windows_program}" COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

if(CPACK_GENERATOR STREQUAL "DEB")
  foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER "${component}" upper)
    suit_debian("${CPACK_TEMPORARY_DIRECTORY}/${component}"
      "${CPACK_DEBIAN_${upper}_PACKAGE_NAME}")
  endforeach()
endif()

# Equal sources give equal packages.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND find "${CPACK_TEMPORARY_DIRECTORY}"
    -exec touch -h -d "@$ENV{SOURCE_DATE_EPOCH}" "{}" + COMMAND_ERROR_IS_FATAL ANY)
endif()
