/** The programs that run a Python. They are a bundle of their own: every worker of uWSGI begins with reading it. */
import type { Program } from '../host/host.ts';
import type { PythonProgram } from './names.ts';
import pip from './pip/main.ts';
import python3 from './python3/main.ts';
import uwsgi from './uwsgi/main.ts';

export const pythonPrograms: Readonly<Record<PythonProgram, Program>> = { pip, python3, uwsgi };
