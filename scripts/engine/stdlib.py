"""Compile the standard library ahead of time. Runs inside Pyodide, so the bytecode is the right one.

A worker that starts from .py files spends two seconds in the compiler; from .pyc files it does not. The zip is
stored, not deflated: the web server compresses it better, and Python then reads it without inflating.
"""

import io
import py_compile
import tempfile
import zipfile

# What a web app on a server does not use, or what cannot work in WebAssembly.
LEFT_OUT = {
    '_pyrepl', 'antigravity.py', 'ctypes', 'ensurepip', 'idlelib', 'lib2to3', 'multiprocessing', 'pydoc_data',
    'site-packages', 'sqlite3', 'test', 'this.py', 'tkinter', 'turtle.py', 'turtledemo', 'webbrowser.py', 'xmlrpc',
}  # fmt: skip
# Code pages of other systems; what files and HTTP use stays.
LEFT_OUT_ENCODINGS = ('cp', 'mac_', 'koi8', 'kz1048', 'ptcp', 'hp_roman8', 'tis_620', 'palmos', 'johab', 'big5', 'gb', 'hz', 'euc_', 'iso2022')
KEPT_ENCODINGS = {'cp1252.py', 'cp437.py'}  # cp437: names inside zip files

SAME_DATE = (1980, 1, 1, 0, 0, 0)  # the same input gives the same bytes


def wanted(name):
    if name.split('/')[0] in LEFT_OUT or not name.endswith('.py'):
        return False
    folder, _, file = name.rpartition('/')
    return folder != 'encodings' or file in KEPT_ENCODINGS or not file.startswith(LEFT_OUT_ENCODINGS)


def compile_stdlib(source, mounted_at):
    """Bytes of a zip of .pyc files made from the zip at `source`, for use at the path `mounted_at`."""
    target = io.BytesIO()
    with zipfile.ZipFile(source) as library, zipfile.ZipFile(target, 'w', zipfile.ZIP_STORED) as zip, tempfile.TemporaryDirectory() as folder:
        for name in sorted(filter(wanted, library.namelist())):
            with open(f'{folder}/module.py', 'wb') as file:
                file.write(library.read(name))
            # Unchecked: zipimport must not look for a source file to compare with.
            path = py_compile.compile(
                f'{folder}/module.py', cfile=f'{folder}/module.pyc', dfile=f'{mounted_at}/{name}', doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )  # fmt: skip
            with open(path, 'rb') as file:
                zip.writestr(zipfile.ZipInfo(f'{name}c', SAME_DATE), file.read())
    return target.getvalue()
