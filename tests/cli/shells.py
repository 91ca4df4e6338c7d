"""Interactive shells on a terminal, for testing completion with the Tab key."""
import os
import pty
import re
import select
import signal
import subprocess
import time

KEY_TAB, KEY_SHOW = "\t", "\x18"  # binds Ctrl-X to print the current line

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             """bind -x '"\\C-x": printf "<%s>\\n" "$READLINE_LINE"; READLINE_LINE='""",
             "source completion.bash"),
    "zsh": (["zsh", "-f", "-i"],
            "show() { print -r -- \"<$BUFFER>\"; BUFFER= }; zle -N show; bindkey '^X' show",
            "fpath=($PWD/zsh $fpath); autoload -Uz compinit; compinit -u -D"),
}


class Shell:
    """An interactive shell in `directory` that has executed START."""

    def __init__(self, name, directory, environment, seconds=30):
        self.seconds = seconds
        self.seen = ""
        line, *begin = START[name]
        self.terminal, slave = pty.openpty()
        environment = {**environment, "TERM": "vt100", "PS1": "", "HISTFILE": "",
                       "HOME": str(directory)}
        self.process = subprocess.Popen(line, cwd=directory, env=environment, stdin=slave,
                                        stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        for command in begin:
            self.type(command + "\n")
        self.type("printf '<%s>\\n' rea''dy\n")
        self.wait_for("ready")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, pattern):
        """The next "<...>" that the shell prints and that matches."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            found = re.search(rf"<({pattern})>\r?\n", self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found[1]
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.seen += os.read(self.terminal, 65536).decode(errors="replace")
        raise AssertionError(f"no <{pattern}> within {self.seconds} s: {self.seen!r}")

    def complete(self, typed):
        """The line after `typed` and the completion key."""
        self.type(typed + KEY_TAB + KEY_SHOW)
        return self.wait_for(r"[^<>]*")

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.terminal)
