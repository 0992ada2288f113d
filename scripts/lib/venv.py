"""Installs pure wheels as pip does: unpacks them and compiles what is Python. Runs inside Pyodide, so the bytecode is the right one."""

import compileall
import io
import os
import py_compile
import zipfile


def install(wheel, site):
    with zipfile.ZipFile(io.BytesIO(wheel)) as zip:
        zip.extractall(site)


def compile_all(site):
    # By hash: the times of the files do not survive the way into the sandbox.
    compileall.compile_dir(site, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)


def files(site):
    return [os.path.join(folder, name) for folder, _, names in os.walk(site) for name in names]
