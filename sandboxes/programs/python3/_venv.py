"""`python3 -m venv`. Pyodide ships CPython without the module `venv`; this makes the same tree, from the same words.

The interpreter is no file here that could be copied or linked to: a small one stands for it.
"""

import argparse
import os
import shutil
import sys

VERSION = f'{sys.version_info[0]}.{sys.version_info[1]}'

# The shell starts what the first line names; that one finds pyvenv.cfg beside the file.
INTERPRETER = """\
#!/usr/bin/python3 --executable
# In this sandbox programs are no files. This one stands for the Python of its virtual environment.
"""

# CPython's own is written for shells with functions.
ACTIVATE = """\
# This file must be used with "source bin/activate" or ". bin/activate".
# You cannot run it directly. "deactivate" takes it back.
export VIRTUAL_ENV="{env}"
export VIRTUAL_ENV_PROMPT="{prompt}"
export PATH="{env}/bin:$PATH"
"""

PIP = """\
#!{env}/bin/python
# Runs the pip of the wheelhouse: it is not copied into every environment.
import sys
from _pip import main
if __name__ == '__main__':
    sys.exit(main())
"""


def main():
    parser = argparse.ArgumentParser(
        prog='venv',
        description='Creates virtual Python environments in one or more target directories.',
        epilog='Once an environment has been created, you may wish to activate it, e.g. by sourcing an activate script in its bin directory.',
    )
    parser.add_argument('dirs', metavar='ENV_DIR', nargs='+', help='A directory to create the environment in.')
    parser.add_argument(
        '--clear',
        action='store_true',
        help='Delete the contents of the environment directory if it already exists, before environment creation.',
    )
    parser.add_argument('--without-pip', action='store_true', help='Skips installing or upgrading pip in the virtual environment')
    parser.add_argument('--prompt', help='Provides an alternative prompt prefix for this environment.')
    options = parser.parse_args()
    try:
        for folder in options.dirs:
            _create(os.path.abspath(folder), options)
    except Exception as error:
        sys.exit(f'Error: {error}')


def _create(env, options):
    if os.path.exists(env) and not os.path.isdir(env):
        raise ValueError(f'Unable to create directory {env!r}')
    if options.clear and os.path.isdir(env):
        for name in os.listdir(env):
            path = f'{env}/{name}'
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    prompt = options.prompt if options.prompt is not None else os.path.basename(env)
    for folder in ('bin', 'include', f'lib/python{VERSION}/site-packages'):
        os.makedirs(f'{env}/{folder}', exist_ok=True)
    _write(f'{env}/pyvenv.cfg', _config(env, options))
    _write(f'{env}/.gitignore', '# Created by venv; see https://docs.python.org/3/library/venv.html\n*\n')
    for name in ('python', 'python3', f'python{VERSION}'):
        _write(f'{env}/bin/{name}', INTERPRETER, 0o755)
    _write(f'{env}/bin/activate', ACTIVATE.format(env=env, prompt=prompt))
    if not options.without_pip:
        for name in ('pip', 'pip3', f'pip{VERSION}'):
            _write(f'{env}/bin/{name}', PIP.format(env=env), 0o755)


def _config(env, options):
    prompt = '' if options.prompt is None else f'prompt = {options.prompt!r}\n'
    return (
        'home = /usr/bin\n'
        'include-system-site-packages = false\n'
        f'version = {".".join(map(str, sys.version_info[:3]))}\n'
        f'{prompt}'
        f'executable = /usr/bin/python{VERSION}\n'
        f'command = {sys._base_executable} -m venv {env}\n'
    )


def _write(path, text, mode=0o644):
    with open(path, 'w') as file:
        file.write(text)
    os.chmod(path, mode)
