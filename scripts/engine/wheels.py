"""Makes a wheel that runs in WebAssembly out of one that does not, or that carries what nobody can use there. Runs inside Pyodide.

Nothing is built and no code of the package runs: files are left out, and the wheel's own papers say so. The same input gives the
same bytes: one zlib (Pyodide's), one order, one date.
"""

import base64
import csv
import hashlib
import io
import py_compile
import re
import tempfile
import zipfile

SAME_DATE = (1980, 1, 1, 0, 0, 0)


def repack(source, unwanted, build, runs_at=None):
    """Bytes of a pure wheel with the files of the wheel `source` whose names do not match the regular expression `unwanted`.

    `build` is its build number: where something is left out, the name of the file shows that it is not the original. With
    `runs_at`, the path of a wheel that is run as it is, every module is compiled: otherwise each run would begin with that.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        names = sorted(name for name in old.namelist() if not name.endswith('/') and not re.search(unwanted, name))
        record_name = next(name for name in names if name.endswith('.dist-info/RECORD'))
        records = []
        for name in names:
            if name == record_name:
                continue
            data = old.read(name)
            if name.endswith('.dist-info/WHEEL'):
                data = pure(data.decode(), build).encode()
            if runs_at and name.endswith('.py'):
                name, data = f'{name}c', compiled(data, f'{runs_at}/{name}')
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
            records.append((name, f'sha256={digest}', len(data)))
            write(new, name, data)
        text = io.StringIO()
        csv.writer(text, lineterminator='\n').writerows([*records, (record_name, '', '')])
        write(new, record_name, text.getvalue().encode())
    return target.getvalue()


def compiled(source, path):
    """A .pyc that is good without a look at its source: zipimport would find it too new or too old."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/module.py', 'wb') as file:
            file.write(source)
        target = py_compile.compile(
            f'{folder}/module.py', cfile=f'{folder}/module.pyc', dfile=path, doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )  # fmt: skip
        with open(target, 'rb') as file:
            return file.read()


def write(zip, name, data):
    info = zipfile.ZipInfo(name, SAME_DATE)
    info.external_attr = 0o100644 << 16
    zip.writestr(info, data, zipfile.ZIP_DEFLATED)


def pure(wheel, build):
    """The file WHEEL of a wheel for any platform."""
    kept = [line for line in wheel.splitlines() if line.strip() and not line.startswith(('Tag:', 'Root-Is-Purelib:', 'Build:'))]
    return '\n'.join([*kept, 'Root-Is-Purelib: true', f'Build: {build}', 'Tag: py3-none-any', ''])
