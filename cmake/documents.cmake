# The manual page and the shell completions, which the program itself prints. They are not built if
# the program cannot run on this machine, or if it has sanitizers.
if(CMAKE_CROSSCOMPILING OR WIN32 OR AIOBENCH_SANITIZE)
  return()
endif()

include(GNUInstallDirs)
set(documents "${CMAKE_BINARY_DIR}/documents")

# aiobench_document(FILE DIRECTORY ARGUMENT...): runs the program with these arguments, writes its
# output to FILE, and installs FILE in DIRECTORY.
function(aiobench_document file directory)
  set(path "${documents}/${directory}/${file}")
  get_filename_component(parent "${path}" DIRECTORY)
  add_custom_command(OUTPUT "${path}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${parent}"
    COMMAND aiobench ${ARGN} > "${path}"
    DEPENDS aiobench VERBATIM)
  set_property(GLOBAL APPEND PROPERTY aiobench_documents "${path}")
  install(FILES "${path}" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/${directory}")
endfunction()

aiobench_document(aiobench.1 man/man1 manual)
aiobench_document(aiobench bash-completion/completions completion bash)
aiobench_document(_aiobench zsh/site-functions completion zsh)
get_property(all_documents GLOBAL PROPERTY aiobench_documents)
add_custom_target(documents ALL DEPENDS ${all_documents})
