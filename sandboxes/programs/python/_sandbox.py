"""Python as a process of the sandbox: its numbers, its sleep, its output.

Loaded before any application code. Workers get it with their master's memory, so it may hold JavaScript functions only between
enter() and leave().
"""

import os
import posix
import sys
import time


class _Process:
    pid = 0
    ppid = 0
    sleep = None


_process = _Process()


def enter(pid, ppid, sleep):
    """This interpreter now runs as process `pid`; after a restore it is a new one, as after fork()."""
    _process.pid, _process.ppid, _process.sleep = pid, ppid, sleep
    if 'random' in sys.modules:
        sys.modules['random'].seed()


def leave():
    """Let go of JavaScript: a snapshot is about to be taken."""
    _process.sleep = None
    flush()


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def configure(environment, path):
    """os.environ and sys.path as the server wants them."""
    os.environ.clear()
    os.environ.update(environment.to_py())
    for entry in reversed(path.to_py()):
        sys.path.insert(0, entry)


def _getpid():
    """Return the current process id."""
    return _process.pid


def _getppid():
    """Return the parent's process id."""
    return _process.ppid


def _sleep(seconds, /):
    """Delay execution for a given number of seconds, without using the processor."""
    if not seconds >= 0:
        raise ValueError('sleep length must be non-negative')
    _process.sleep(seconds * 1000.0)


for _function, _name in ((_getpid, 'getpid'), (_getppid, 'getppid')):
    _function.__name__ = _function.__qualname__ = _name
    setattr(os, _name, _function)
    setattr(posix, _name, _function)
_sleep.__name__ = _sleep.__qualname__ = 'sleep'
time.sleep = _sleep

# As on a terminal: a printed line is seen at once.
sys.stdout.reconfigure(line_buffering=True)
