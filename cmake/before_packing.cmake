# Run by cpack between gathering the files of packages and packing them.

# What Debian's policy wants in a package, and nobody in `cmake --install`. The Windows program is
# stripped here, as cpack does it only for what this compiler has made.
function(suit_debian root package)
  set(documents "${root}/usr/share/doc/${package}")

  file(READ "${CPACK_RESOURCE_FILE_LICENSE}" own)
  file(READ "${documents}/licences/README.txt" others)
  file(WRITE "${documents}/copyright" "${own}\n${others}
On Debian systems the full texts are /usr/share/common-licenses/LGPL-2.1 and
/usr/share/common-licenses/GPL-3 too.\n")
  file(REMOVE "${documents}/LICENSE")

  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # that of SOURCE_DATE_EPOCH, if it is set
  file(WRITE "${documents}/changelog.Debian" "${package} (${CPACK_PACKAGE_VERSION}-\
${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n
  * What has changed is told in changelog.gz of the package aiobench.\n
 -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(GLOB_RECURSE pages "${root}/usr/share/man/*.[1-9]")
  if(EXISTS "${documents}/CHANGELOG.md")
    file(RENAME "${documents}/CHANGELOG.md" "${documents}/changelog")
    list(APPEND pages "${documents}/changelog")
  endif()
  execute_process(COMMAND gzip -9n "${documents}/changelog.Debian" ${pages}
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R go-w "${root}" COMMAND_ERROR_IS_FATAL ANY)  # whatever the umask

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

# Equal packages of equal sources.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND find "${CPACK_TEMPORARY_DIRECTORY}"
    -exec touch -h -d "@$ENV{SOURCE_DATE_EPOCH}" "{}" + COMMAND_ERROR_IS_FATAL ANY)
endif()
