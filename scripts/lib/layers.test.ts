import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { at, filesBelow, root } from './paths.ts';

/** What the files of a folder may import beside their own: paths begin with one of these. The README tells it in words. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'src/lesson': ['sandboxes/host/events.ts', 'sandboxes/programs/systemd/presets.ts'],
  'src/progress': ['src/is-object.ts'],
  'src/offline': ['src/chunks.ts', 'src/headers.ts', 'src/site.ts'],
  'src/map': ['src/lesson/'],
  'src/numbers': [],
  'src/trace': ['sandboxes/host/events.ts'],
  'src/model': ['src/trace/', 'sandboxes/host/events.ts'],
  'src/diagram': ['src/trace/', 'src/escaped.ts', 'src/styles/tokens.css', 'sandboxes/host/events.ts'],
  'src/handout': ['src/trace/', 'src/diagram/', 'src/lesson/', 'src/components/figure/summary.ts', 'src/components/recording.ts'],
  'src/components/figure': [
    ...['src/trace/', 'src/diagram/', 'src/model/'],
    ...['src/components/download.ts', 'src/escaped.ts', 'src/styles/code-themes.mjs', 'sandboxes/host/events.ts'],
  ],
  'src/components/threads': ['src/trace/', 'sandboxes/host/events.ts', 'lessons/en/06-gil/threads.json'],
  'src/embed': [
    'src/is-object.ts',
    'src/escaped.ts',
    'src/progress/',
    'src/diagram/calm.ts',
    'src/components/figure/steering.ts',
    'src/workspace/outcome.ts',
  ],
  'src/runtime': [
    'src/offline/',
    'src/chunks.ts',
    'src/site.ts',
    'sandboxes/host/',
    'sandboxes/programs/browser/client.ts',
    'sandboxes/programs/browser/messages.ts',
  ],
  'src/present': [
    ...['src/lesson/', 'src/trace/', 'src/classroom/', 'src/components/figure/', 'src/components/dialogs/', 'src/components/recording.ts'],
    ...['src/is-object.ts', 'src/storage.ts', 'sandboxes/host/events.ts'],
  ],
  'src/classroom': ['src/is-object.ts', 'src/storage.ts', 'src/progress/', 'src/chunks.ts', 'src/site.ts', 'src/components/figure/'],
  'src/checks': ['src/lesson/', 'sandboxes/host/events.ts', 'sandboxes/programs/uwsgi/ini.ts', 'sandboxes/programs/uwsgi/names.ts'],
  'src/workspace': [
    ...['src/checks/', 'src/lesson/', 'src/progress/', 'src/offline/', 'src/runtime/', 'src/site.ts', 'src/trace/'],
    ...[
      'src/is-object.ts',
      'src/escaped.ts',
      'src/storage.ts',
      'src/components/Figure.svelte',
      'src/components/figure/steering.ts',
      'src/components/download.ts',
    ],
    ...['sandboxes/host/events.ts', 'sandboxes/programs/page.ts'],
  ],
  // what runs in a platform beside the lesson
  'scripts/scorm/bridge': ['src/embed/'],
  'scripts/real': [
    ...[
      'scripts/lib/',
      'src/checks/',
      'src/lesson/',
      'src/trace/',
      'src/workspace/disk.ts',
      'sandboxes/host/changes.ts',
      'sandboxes/host/events.ts',
    ],
    ...['sandboxes/programs/differences.ts', 'sandboxes/programs/nginx/config/lexer.ts', 'sandboxes/programs/systemd/unit-text.ts'],
    'sandboxes/programs/uwsgi/ini.ts',
    // what a learner downloads
    ...['src/runtime/repository.ts', 'src/workspace/zip/'],
  ],
  'sandboxes/host': ['sandboxes/programs/'],
  'sandboxes/programs': ['sandboxes/host/host.ts', 'sandboxes/host/events.ts'],
};

/** Relative imports of a file, as paths from the project's root. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|^import|\bimport\() ?'(\.[^']*)'/gm);
  return [...found].map(([, path = '']) =>
    relative(root, join(dirname(file), path))
      .split(sep)
      .join('/'),
  );
}

test.each(Object.entries(MAY))('%s imports only what it may', (folder, may) => {
  const files = filesBelow(at(folder)).filter((file) => /\.(ts|svelte|astro)$/.test(file) && !/(\.test|[/-]testing)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(0);
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((path) => ![`${folder}/`, ...may].some((one) => path.startsWith(one)))
      .map((path) => `${relative(root, file)} imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('what is named is in use', () => {
  for (const [folder, may] of Object.entries(MAY)) {
    const all = filesBelow(at(folder))
      .filter((file) => /\.(ts|svelte)$/.test(file))
      .flatMap(importsOf);
    for (const one of may) expect(all, folder).toContainEqual(expect.stringMatching(new RegExp(`^${one.replaceAll('.', '\\.')}`)));
  }
});
