"""What `python3` does with its command line: a command, a file, a module, a program from standard input, or a conversation.

Every function gives the exit code of the process, as CPython would.
"""

import atexit
import builtins
import code
import io
import linecache
import os
import site
import sys
import types

PREFIX = '/usr'
PROGRAM = '/usr/bin/python3'
STDLIB = f'{PREFIX}/lib/python3.{sys.version_info[1]}'

# Debian's (PEP 668): pip prints it instead of installing outside a virtual environment.
EXTERNALLY_MANAGED = """\
[externally-managed]
Error=To install Python packages system-wide, try apt install
 python3-xyz, where xyz is the package you are trying to
 install.

 If you wish to install a non-Debian-packaged Python package,
 create a virtual environment using python3 -m venv path/to/venv.
 Then use path/to/venv/bin/python and path/to/venv/bin/pip. Make
 sure you have python3-full installed.

 If you wish to install a non-Debian packaged Python application,
 it may be easiest to use pipx install xyz, which will manage a
 virtual environment for you. Make sure you have pipx installed.

 See /usr/share/doc/python3.{minor}/README.venv for more information.
"""

# WebAssembly numbers errors in its own way.
LINUX_ERRNO = {FileNotFoundError: 2, PermissionError: 13, NotADirectoryError: 20}

NO_KEYBOARD = 'Python in this sandbox cannot wait for the keyboard; give its input by a pipe, as in: echo text | python3 FILE'


class _NoKeyboard(io.TextIOBase):
    """A terminal's standard input: a program that WebAssembly runs in one go cannot wait for a line of it."""

    encoding = 'utf-8'
    errors = 'strict'

    def isatty(self):
        return True

    def fileno(self):
        return 0

    def readable(self):
        return True

    def readline(self, size=-1, /):
        raise OSError(NO_KEYBOARD)

    read = readline


def begin(executable, args, stdin):
    """This interpreter as the file `executable` runs it. `stdin`: all of standard input, or None where it is a terminal."""
    sys.executable = os.path.abspath(executable) if executable else PROGRAM
    sys._base_executable = PROGRAM
    sys.prefix = sys.exec_prefix = sys.base_prefix = sys.base_exec_prefix = PREFIX
    # Pyodide's own looks into the working directory first, whatever is run
    sys.path[:] = [folder for folder in sys.path if folder]
    sys.argv[:] = args.to_py()
    sys.orig_argv[:] = [executable or 'python3', *sys.argv]
    if stdin is None:
        sys.stdin = sys.__stdin__ = _NoKeyboard()
    else:
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(stdin.to_bytes()), encoding='utf-8')
    os.makedirs(STDLIB, exist_ok=True)
    with open(f'{STDLIB}/EXTERNALLY-MANAGED', 'w') as file:
        file.write(EXTERNALLY_MANAGED.format(minor=sys.version_info[1]))
    if executable:
        _enter_venv(os.path.dirname(os.path.dirname(sys.executable)))
    for folder in reversed(os.environ.get('PYTHONPATH', '').split(':')):
        if folder:
            sys.path.insert(0, folder)


def _enter_venv(prefix):
    """Beside a pyvenv.cfg; what it says is done by the module that does it in every CPython."""
    if os.path.exists(f'{prefix}/pyvenv.cfg'):
        sys.prefix = sys.exec_prefix = prefix
        site.venv(set())


def print_version():
    return _finish(lambda: print(f'Python {sys.version.split()[0]}'))


def run_command(source):
    sys.argv.insert(0, '-c')
    sys.path.insert(0, '')
    return _finish(lambda: _execute(source, '<string>', _main()))


def run_stdin():
    """A program that comes by standard input."""
    sys.argv.insert(0, '')
    sys.path.insert(0, '')
    return _finish(lambda: _execute(sys.stdin.read(), '<stdin>', _main()))


def run_file(path):
    sys.argv.insert(0, path)
    if os.path.isdir(path) or path.endswith(('.zip', '.pyz')):
        import runpy

        return _finish(lambda: runpy.run_path(path, run_name='__main__'))
    try:
        with open(path, 'rb') as file:
            source = file.read()
    except OSError as error:
        print(f"{sys.orig_argv[0]}: can't open file {os.path.abspath(path)!r}: [Errno {LINUX_ERRNO.get(type(error), error.errno)}] {error.strerror}", file=sys.stderr)
        return 2
    main = _main()
    main.__file__ = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    return _finish(lambda: _execute(source, path, main))


def run_module(name):
    sys.argv.insert(0, '-m')
    sys.path.insert(0, os.getcwd())
    if name == 'venv':
        import _venv

        return _finish(_venv.main)
    if name == 'pip' and not _installed('pip'):
        import _pip

        return _finish(lambda: sys.exit(_pip.main()))
    import runpy

    _main()
    return _finish(lambda: runpy._run_module_as_main(name))


def _installed(name):
    import importlib.util

    return importlib.util.find_spec(name) is not None


def _main():
    main = sys.modules['__main__'] = types.ModuleType('__main__')
    main.__builtins__ = builtins
    return main


def _execute(source, filename, main):
    if filename.startswith('<'):
        # tracebacks show its lines
        text = source if isinstance(source, str) else source.decode()
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    exec(compile(source, filename, 'exec', dont_inherit=True), main.__dict__)


def _finish(run):
    """Run to the end, with all that an interpreter does there."""
    result = _guard(run)
    try:
        atexit._run_exitfuncs()
    except BaseException as error:
        _report(error)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    return result


def _guard(run):
    try:
        run()
    except SystemExit as error:
        return exit_code(error)
    except BaseException as error:
        _report(error)
        return 1
    return 0


def _report(error):
    """By sys.excepthook, without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals is globals():
        trace = trace.tb_next
    error = error.with_traceback(trace)
    sys.last_exc = error
    try:
        sys.excepthook(type(error), error, trace)
    except BaseException as other:
        sys.__excepthook__(type(other), other, other.__traceback__)


def exit_code(error):
    """What sys.exit() was given, as an exit code; a text is printed."""
    value = error.code
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    sys.stdout.flush()
    print(value, file=sys.stderr)
    return 1


# What a line of a conversation led to, beside an exit code.
COMPLETE, INCOMPLETE = -1, -2


class _Conversation(code.InteractiveConsole):
    """Every input has a name of its own, as in CPython's own conversation, so that tracebacks show its lines."""

    number = 0

    def push(self, line):
        name = f'<python-input-{self.number}>'
        source = '\n'.join([*self.buffer, line])
        linecache.cache[name] = (len(source), None, [f'{text}\n' for text in source.split('\n')], name)
        more = super().push(line, filename=name)
        if not more:
            self.number += 1
        return more


_conversation = None


def converse(quiet):
    """Begin a conversation. Gives the text to begin with."""
    global _conversation
    sys.argv.insert(0, '')
    sys.path.insert(0, '')
    sys.ps1, sys.ps2 = '>>> ', '... '
    _conversation = _Conversation(_main().__dict__)
    if quiet:
        return ''
    # without the compiler, of whose name Pyodide has half
    return f'Python {sys.version.partition(" [")[0]} on {sys.platform}\nType "help", "copyright", "credits" or "license" for more information.\n'


def prompt(more):
    return str(sys.ps2 if more else sys.ps1)


def push(line):
    """Take a line: COMPLETE, INCOMPLETE, or the exit code when it ended the conversation."""
    try:
        more = _conversation.push(line)
    except SystemExit as error:
        return exit_code(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return INCOMPLETE if more else COMPLETE


def interrupt():
    """Ctrl-C at the prompt: what was typed so far is forgotten."""
    _conversation.resetbuffer()


def end():
    """The conversation is over."""
    return _finish(lambda: None)
