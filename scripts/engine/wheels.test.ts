import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPyodide, type PyodideAPI } from 'pyodide';
import { beforeAll, describe, expect, test } from 'vitest';
import { WHEEL_SETS } from '../../src/lesson/wheels.ts';
import { whyNot } from './pip.ts';
import { requirements } from './wheels.ts';

test('every set has its package, and each package one version and one hash', () => {
  const all = requirements();
  const versions = Object.fromEntries(all.map(({ name, version }) => [name, version]));
  expect(new Set(all.map(({ set }) => set))).toEqual(new Set(WHEEL_SETS));
  expect(versions['Flask']).toMatch(/^3\.1\./);
  expect(versions['Django']).toMatch(/^5\.2\./);
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(['Pyramid', 'pip', 'MarkupSafe']));
  expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(all.length);
});

test.each([
  [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\nERROR: Could not find a version that satisfies the requirement blinker==1.9.0 (from versions: none)\nERROR: No matching distribution found for blinker==1.9.0",
    'Python’s index could not be reached',
  ],
  [
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions …',
    'a file from Python’s index has not the hash that is written down',
  ],
  [
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: '/tmp/x'",
    "pip could not fetch them: Could not install packages due to an OSError: [Errno 28] No space left on device: '/tmp/x'",
  ],
  ['', 'pip could not fetch them: it did not say why'],
])('the reason in what pip says: %j', (output, reason) => {
  expect(whyNot(output)).toBe(reason);
});

describe('a wheel packed anew', () => {
  let python: PyodideAPI;
  /** Runs Python after wheels.py; `made` is the wheel, packed anew. */
  const run = (code: string): unknown => python.runPython(`import json\n${code}`);

  beforeAll(async () => {
    python = await loadPyodide();
    python.runPython(readFileSync(join(import.meta.dirname, 'wheels.py'), 'utf8'));
    python.runPython(`
def original(order):
    files = {
        'shop/__init__.py': b'x = 1', 'shop/_fast.cpython-314-x86_64-linux-gnu.so': b'ELF', 'shop/_fast.c': b'int x;',
        'shop-1.0.dist-info/METADATA': b'Metadata-Version: 2.1',
        'shop-1.0.dist-info/WHEEL': b'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: false\\nTag: cp314-cp314-manylinux_2_28_x86_64\\n\\n',
        'shop-1.0.dist-info/RECORD': b'stale,,',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w') as zip:
        zip.writestr(zipfile.ZipInfo('shop/', SAME_DATE), b'')
        for name in order(files):
            zip.writestr(name, files[name])
    return target.getvalue()

made = repack(original(sorted), r'\\.(so|c)$', '1course')
zip = zipfile.ZipFile(io.BytesIO(made))
`);
  }, 60_000);

  test('has no compiled part, and says that it is for any platform', () => {
    expect(JSON.parse(String(run('json.dumps(zip.namelist())')))).toEqual([
      'shop-1.0.dist-info/METADATA',
      'shop-1.0.dist-info/WHEEL',
      'shop/__init__.py',
      'shop-1.0.dist-info/RECORD',
    ]);
    expect(run("zip.read('shop-1.0.dist-info/WHEEL').decode()")).toBe(
      'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nBuild: 1course\nTag: py3-none-any\n',
    );
  });

  test('lists every file with the hash that it has', () => {
    const wrong = run(`
rows = list(csv.reader(zip.read('shop-1.0.dist-info/RECORD').decode().splitlines()))
wrong = [name for name, digest, size in rows if not name.endswith('RECORD') and (
    digest != 'sha256=' + base64.urlsafe_b64encode(hashlib.sha256(zip.read(name)).digest()).rstrip(b'=').decode()
    or int(size) != len(zip.read(name)))]
json.dumps([sorted(row[0] for row in rows) == sorted(zip.namelist()), wrong])`);
    expect(JSON.parse(String(wrong))).toEqual([true, []]);
  });

  test('is the same to the byte, whatever order and dates the original has', () => {
    expect(run("made == repack(original(lambda files: sorted(files, reverse=True)), r'\\.(so|c)$', '1course')")).toBe(true);
  });

  test('that is run and not installed has its modules compiled, for the place where it lies', () => {
    const ran = run(`
import sys, tempfile
folder = tempfile.mkdtemp()
with open(f'{folder}/shop.whl', 'wb') as file:
    file.write(repack(original(sorted), r'\\.(so|c)$', '1course', '/srv/wheelhouse/shop.whl'))
sys.path.insert(0, f'{folder}/shop.whl')
import shop
json.dumps([shop.x, shop.__file__.removeprefix(folder), shop.__spec__.loader.get_code('shop').co_filename])`);
    expect(JSON.parse(String(ran))).toEqual([1, '/shop.whl/shop/__init__.pyc', '/srv/wheelhouse/shop.whl/shop/__init__.py']);
  });
});
