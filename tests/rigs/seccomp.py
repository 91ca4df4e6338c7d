"""Makes a system call fail in a child process, as a container does, with seccomp(2)."""
import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38  # <linux/prctl.h>
SECCOMP_MODE_FILTER = 2
RETURN_ALLOW, RETURN_ERRNO = 0x7FFF0000, 0x00050000
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # <linux/bpf_common.h>
NUMBERS = {"io_uring_setup": 425, "io_setup": {"x86_64": 206, "aarch64": 0}.get(platform.machine())}


def taken_away(call, error=errno.EPERM):
    """For preexec_fn: from now on `call` fails with `error`."""
    number = NUMBERS[call]
    # The system call number is the first word of the data of a filter.
    steps = [(LOAD_WORD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, number),
             (RETURN, 0, 0, RETURN_ERRNO | error), (RETURN, 0, 0, RETURN_ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HL", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)

    def apply(kept=code):  # referenced by `program`
        if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) != 0):
            raise OSError(ctypes.get_errno(), f"seccomp; filter of {len(kept)} bytes")
    return apply
