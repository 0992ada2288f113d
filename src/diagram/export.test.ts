import { expect, test } from 'vitest';
import { frameAt } from '../trace/frame.ts';
import { Scene } from './atlas-logs.ts';
import { svgOfMoment } from './export.ts';

const log = Scene.up().history(6).busy([1, 2], 940, 'http://localhost/<b>&"').waiting(2, 960).log();
const frame = frameAt(log, 1000);
const OPTIONS = { followed: null, names: 'python', dark: false, version: 'real', log, truth: 'recording' } as const;
const svg = svgOfMoment(frame, { ...OPTIONS, followed: 'c7/1' });

/** Tags must close as XML wants it: nothing forgives a file that a viewer reads. */
function tagFault(text: string): string | null {
  const open: string[] = [];
  for (const [tag, close, name, empty] of text
    .replace(/<\?xml[^>]*\?>|<style>[\s\S]*?<\/style>/g, '')
    .matchAll(/<(\/?)([\w-]+)[^>]*?(\/?)>/g)) {
    if (close && open.pop() !== name) return tag;
    if (!close && !empty) open.push(name as string);
  }
  return open.at(-1) ?? null;
}

test('the file is one whole drawing with its style, its name and its text in it', () => {
  expect(svg).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
  expect(tagFault(svg)).toBeNull();
  expect(svg.match(/<svg/g)).toHaveLength(1);
  expect(svg).toContain('<title id="title">The server at 1.0');
  expect(svg).toMatch(/<desc id="desc">The visitor\. 6 × 2xx\..*nginx.*worker 1 busy/s);
  expect(svg).toMatch(/class="dot" data-tone="follow"/);
  expect(svg).not.toMatch(/undefined|NaN|data-v=|tabindex|<b>/);
});

test('it needs nothing from the page: no properties, no faces, no addresses', () => {
  expect(svg).not.toMatch(/var\(|--[a-z]|@media|@container|:is\(|url\(|href|Request Display/);
  expect(svg).toContain('.map .title { font-size: 16px; font-family: ');
  expect(svg).toContain('.map .track { stroke: #1c2129;');
});

test('day and night have their own colours', () => {
  const dark = svgOfMoment(frame, { ...OPTIONS, dark: true });
  expect(dark).toContain('fill="#161d26"/>');
  expect(svg).toContain('fill="#faf6ec"/>');
  expect(dark).toContain('.map .track { stroke: #efe9dc;');
  expect(dark).not.toContain('#1c2129');
});

test('it can be in IIS words, and as the lecture tells it', () => {
  expect(svgOfMoment(frame, { ...OPTIONS, names: 'iis' })).toContain('>HTTP.sys</text>');
  expect(svgOfMoment(frame, { ...OPTIONS, version: 'lecture' })).toContain('>manager</text>');
});

test('it says what it is, in its title and in a corner', () => {
  for (const truth of ['live', 'recording', 'model'] as const) {
    const file = svgOfMoment(frame, { ...OPTIONS, truth });
    expect(file).toMatch(new RegExp(`<title id="title">The server at 1\\.0[^<]*, ${truth}</title>`));
    expect(file.match(new RegExp(`>${truth}</text>`, 'g'))).toHaveLength(1);
  }
});
