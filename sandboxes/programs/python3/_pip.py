"""pip itself, run from where the build has put it, with what it lacks in WebAssembly."""

import errno
import logging
import os
import re
import sys
import types

WHEELHOUSE = '/srv/wheelhouse'

NO_WHEELS = (
    f'pip: {WHEELHOUSE} is empty, neither pip itself nor packages are there:'
    ' a lesson that needs them brings them along, if the site was built with them.'
)
NO_SYSTEM_PACKAGES = '[sandbox] pip installs into virtual environments only in here: python3 -m venv venv, then venv/bin/pip install ...'
NO_NETWORK = f'[sandbox] There is no network in here: pip has what lies in {WHEELHOUSE}, and nothing else.'


def _find():
    names = os.listdir(WHEELHOUSE) if os.path.isdir(WHEELHOUSE) else []
    return next((f'{WHEELHOUSE}/{name}' for name in sorted(names) if name.startswith('pip-')), None)


class _NotFound(logging.Handler):
    """Notices that pip has not found a package."""

    seen = False

    def emit(self, record):
        if 'No matching distribution found' in record.getMessage():
            self.seen = True


# WebAssembly numbers errors in its own way; these are those of files, by what Linux calls them
LINUX_ERRNO = {'EPERM': 1, 'ENOENT': 2, 'EACCES': 13, 'EEXIST': 17, 'ENOTDIR': 20, 'EISDIR': 21, 'ENOSPC': 28, 'EROFS': 30, 'ENOTEMPTY': 39}
_HERE = {str(getattr(errno, name)): number for name, number in LINUX_ERRNO.items()}


class _LinuxNumbers(logging.LogRecord):
    """What pip says of an error of the system, with its number on Linux."""

    def getMessage(self):
        return re.sub(r'\[Errno (\d+)\]', lambda found: f'[Errno {_HERE.get(found[1], found[1])}]', super().getMessage())


class _NoTruststore(logging.Filter):
    def filter(self, record):
        return 'truststore' not in record.getMessage()


def main():
    if '--break-system-packages' in sys.argv and sys.prefix == sys.base_prefix:
        print(NO_SYSTEM_PACKAGES, file=sys.stderr)
        return 1
    place = _find()
    if place is None:
        print(NO_WHEELS, file=sys.stderr)
        return 1
    sys.path.insert(0, place)
    _shims()
    from pip._internal.cli.main import main as pip
    from pip._vendor.distlib.scripts import ScriptMaker

    # an environment's Python is a small file that names the interpreter; as elsewhere a script's first line may name that file
    ScriptMaker._is_shell = lambda self, executable: False
    logging.setLogRecordFactory(_LinuxNumbers)
    not_found = _NotFound()
    logging.getLogger('pip').addHandler(not_found)
    # "Disabling truststore since ssl support is missing": nothing comes over a network here
    logging.getLogger('pip._internal.cli.index_command').addFilter(_NoTruststore())
    try:
        return pip()
    finally:
        if not_found.seen:
            print(NO_NETWORK, file=sys.stderr)


def _shims():
    # Pyodide's is there without what is behind it; pip knows how to do without
    sys.modules['ssl'] = None
    # distlib, which pip uses for its scripts, names two classes of this module and calls neither
    client = types.ModuleType('xmlrpc.client')
    client.Transport = client.ServerProxy = object
    package = types.ModuleType('xmlrpc')
    package.__path__ = []
    package.client = client
    sys.modules.update({'xmlrpc': package, 'xmlrpc.client': client})
    # its bars are drawn by a thread
    os.environ['PIP_PROGRESS_BAR'] = 'off'
    # no newer pip can be asked for
    os.environ['PIP_DISABLE_PIP_VERSION_CHECK'] = '1'
    # everybody is root in here, and installs into virtual environments
    os.environ['PIP_ROOT_USER_ACTION'] = 'ignore'
    # .pyc files then hold a hash of their source, not its date: files change their dates on the way to the next Python
    os.environ.setdefault('SOURCE_DATE_EPOCH', '0')
