/** Every preset of the playground starts, in real processes, and answers as it says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presetsOf } from '../../src/lesson/presets.ts';
import { lessonFolders } from './lesson.ts';
import { at } from './paths.ts';
import { Play } from './play.ts';
import { treeFiles } from './sandbox.ts';

const folder = at('lessons/playground');
const folders = readdirSync(folder).map((name) => join(folder, name));
const presets = presetsOf(
  Object.fromEntries(folders.map((one) => [join(one, 'preset.json'), readFileSync(join(one, 'preset.json'), 'utf8')])),
);

/** What each is for: status and words of some answers. */
const ANSWERS: Readonly<Record<string, readonly (readonly [url: string, status: number, words: RegExp])[]>> = {
  'play-shop': [['/', 200, /Hello from worker/]],
  'play-two-workers': [['/', 200, /Hello from worker [12] /]],
  'play-tcp': [['/', 200, /Hello from worker/]],
  'play-files-only': [
    ['/', 200, /<html/],
    ['/site.css', 200, /\{/],
    ['/slow', 404, /404/],
  ],
  'play-short-queue': [['/', 200, /Hello from worker 1 /]],
  'play-broken': [
    ['/', 502, /502/],
    ['/static/site.css', 200, /\{/],
  ],
};

test('there is an expectation for each, and none has the slug of a lesson', () => {
  expect(presets.map(({ slug }) => slug)).toEqual(Object.keys(ANSWERS));
  const lessons = lessonFolders().map((one) => one.replace(/^.*\/\d+-/, ''));
  for (const { slug, recording } of presets) {
    expect(lessons).not.toContain(slug);
    expect(lessons).toContain(recording);
  }
});

test.each(presets.map((preset) => [preset.slug, preset] as const))('%s', { timeout: 60_000 }, async (slug, preset) => {
  const files = join(folders.find((one) => one.endsWith(slug)) ?? '', 'files');
  const overlays = existsSync(files) ? [files] : [];
  const tree = new Set([at('sandboxes/server'), ...overlays].flatMap((one) => Object.keys(treeFiles(one))));
  for (const path of preset.edit) expect(tree).toContain(path);
  const play = await Play.open(preset.start, overlays, preset.wheels);
  try {
    await play.start();
    for (const [url, status, words] of ANSWERS[slug] ?? []) {
      const answer = await play.target.request(url, AbortSignal.timeout(20_000));
      expect(answer, url).toMatchObject({ status, body: expect.stringMatching(words) });
    }
  } finally {
    play.close();
  }
});
