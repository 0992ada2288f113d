/** Writes the site's service worker with the list of all that was built: the last step of a build, when every file is what it will be. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfflineList } from '../../src/offline/list.ts';
import { sentBytes } from '../compress.ts';
import { bundle } from '../engine/bundle.ts';
import { eager, readTexts, type Texts, whole } from './reach.ts';

const SCRIPT = 'service-worker.js';
/** Pages without which the site does not open, and the one that a page which is not here leads to. */
export const SHELL: readonly string[] = ['index.html', 'lessons/index.html', 'offline/index.html'];
/** Of no use without a network, or of none to learners. */
const LEFT_OUT = /^(404\.html|service-worker\.js|atlas\/.*)$/;

/** `lessons/iis/` for `lessons/iis/index.html`. */
const addressOf = (name: string): string => name.replace(/(^|\/)index\.html$/, '$1');

/** The list of these files; `sizes` gives a file's bytes, and those that are sent. */
export function offlineList(texts: Texts, build: string, sizes: (name: string) => readonly [number, number]): OfflineList {
  const names = [...texts.keys()].filter((name) => !LEFT_OUT.test(name));
  const places = new Map(names.map((name, place) => [name, place]));
  const placesOf = (some: Iterable<string>): number[] => [...some].flatMap((name) => places.get(name) ?? []).sort((a, b) => a - b);
  const pages = names.filter((name) => name.endsWith('.html'));
  const lessons = pages.filter((name) => /^(lessons\/[^/]+|playground)\/index\.html$/.test(name));
  const wholes = new Map(lessons.map((name) => [name, whole(texts, [name])]));
  const [first = new Set<string>(), ...others] = wholes.values();
  const tools = new Set([...first].filter((name) => others.every((one) => one.has(name))));
  return {
    build,
    files: names.map((name) => [addressOf(name), ...sizes(name)]),
    shell: placesOf([...eager(texts, SHELL), 'favicon.svg', 'app.webmanifest']),
    tools: placesOf(tools),
    pages: Object.fromEntries(
      pages.map((name) => {
        const now = eager(texts, [name]);
        const later = [...(wholes.get(name) ?? [])].filter((one) => !now.has(one) && !tools.has(one));
        return [addressOf(name), { now: placesOf(now), later: placesOf(later) }];
      }),
    ),
  };
}

/** Writes `service-worker.js` into the built and compressed site; its path. */
export async function writeServiceWorker(folder: string): Promise<string> {
  const script = await bundle('src/offline/service-worker.ts', { format: 'iife', platform: 'browser' });
  if (script === null) throw new Error('The service worker is not there');
  const build = /data-build="(\w+)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1];
  if (build === undefined) throw new Error('The pages do not say which build they are of');
  const list = offlineList(readTexts(folder), build, (name) => [statSync(join(folder, name)).size, sentBytes(folder, name, '.br')]);
  const path = join(folder, SCRIPT);
  // One classic script, which every browser with service workers can run.
  writeFileSync(path, `const OFFLINE=${JSON.stringify(list)};\n${script}`);
  return path;
}
