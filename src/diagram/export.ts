/** The moment as a file of its own: one SVG with its style in it, which any viewer opens and any editor takes apart. */
import tokensCss from '../styles/tokens.css?raw';
import type { Frame } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { seconds } from '../trace/text.ts';
import { bandsOf } from './bands.ts';
import linesCss from './css/lines.css?raw';
import nodesCss from './css/nodes.css?raw';
import { dotsOf, dotsSvg } from './dots.ts';
import type { Version } from './layout.ts';
import { layoutFor } from './layout.ts';
import { endsTls } from './seal.ts';
import { edgesSvg, nodesSvg } from './svg.ts';
import { escape, roomsFor, valuesOf } from './values.ts';
import type { Names } from './words.ts';

interface ExportOptions {
  /** Key of the request in the accent. */
  readonly followed: string | null;
  readonly names: Names;
  readonly dark: boolean;
  readonly version: Version;
  /** The log of the frame. */
  readonly log: TraceLog;
  /** What the drawing is: said in it, for the file goes where no page is around it. */
  readonly truth: 'live' | 'recording' | 'model';
}

/** A page of a book or a slide is about so wide. */
const WIDTH = 1040;
const HEIGHT = 424;
const MARGIN = 12;

/** What stands for the page's own faces where they are not known. */
const FACES: Record<string, string> = {
  '--font-text': "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  '--font-mono': "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  '--font-display': "'Trebuchet MS', system-ui, sans-serif",
};

/** The map of a frame as the text of an SVG file. */
export function svgOfMoment(frame: Frame, { followed, names, dark, version, log, truth }: ExportOptions): string {
  const layout = layoutFor(WIDTH, HEIGHT, roomsFor(frame), version);
  const bands = bandsOf(frame, log);
  const values = valuesOf(frame, layout, followed, names, bands, endsTls(frame, log));
  const dots = dotsOf(frame, layout, followed, false, new Set(bands.map((band) => band.edge)));
  const theme = themeOf(dark);
  const inner = [edgesSvg(layout, values, []), `<g class="dots">${dotsSvg(dots)}</g>`, nodesSvg(layout, values, names)]
    // a group instead of a drawing in a drawing, and nothing that only a page needs
    .map((part) => part.replace(/<svg [^>]*>/, '<g>').replace('</svg>', '</g>'))
    .map((part) => part.replace(/ (?:data-v|data-node|role|tabindex|aria-hidden|aria-label)="[^"]*"/g, ''))
    .join('\n');
  const [w, h] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-MARGIN} ${-MARGIN} ${w} ${h}" role="img" aria-labelledby="title desc">
<title id="title">${escape(`The server at ${seconds(frame.t)}, ${truth}`)}</title>
<desc id="desc">${escape(describe(values, frame))}</desc>
<style>
${rules(theme)}
</style>
<rect x="${-MARGIN}" y="${-MARGIN}" width="${w}" height="${h}" fill="${theme.get('--paper')}"/>
<g class="map" data-version="${version}">
${inner}
<text class="small end" x="${layout.width}" y="${layout.height + MARGIN - 3}">${truth}</text>
</g>
</svg>
`;
}

/** What the parts are called for those who cannot see them, one after the other. */
function describe(values: Record<string, string>, frame: Frame): string {
  const parts = ['visitor', 'gate', 'shelf', 'queue', 'master', ...frame.workers.map((worker) => `w${worker.worker}`)];
  return parts
    .map((part) => (values[`${part}.name`] ?? '').replace(/\.$/, ''))
    .filter(Boolean)
    .join('. ')
    .concat('.');
}

/** Custom properties of the page's style sheet, for day or night. */
function themeOf(dark: boolean): Map<string, string> {
  const theme = new Map<string, string>();
  for (const [, selector, body] of tokensCss.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const wanted = dark ? /^\[data-theme="dark"\]$/ : /:root$/;
    if (!wanted.test(selector?.trim() ?? '') || /--fade: 0ms/.test(body ?? '')) continue;
    for (const [, name, value] of (body ?? '').matchAll(/(--[\w-]+):\s*([^;]+);/g)) theme.set(name as string, (value as string).trim());
  }
  return theme;
}

/** The rules of the map with values in place of custom properties, and without what only a page can do. */
function rules(theme: ReadonlyMap<string, string>): string {
  const flat = `${nodesCss}${linesCss}`
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => FACES[name] ?? theme.get(name) ?? name);
  const kept: string[] = [];
  for (const [, selector, body] of flat.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const names = (selector ?? '').trim().replace(/\s+/g, ' ');
    if (!/^\.map( |\[data-version)/.test(names) || /svg|canvas|:|\.mark|leaving/.test(names)) continue;
    const declared = (body ?? '')
      .replace(
        /font: (?:(\d+) )?([\d.]+px) ([^;]+);/g,
        (_, weight: string | undefined, size: string, family: string) =>
          `${weight ? `font-weight: ${weight}; ` : ''}font-size: ${size}; font-family: ${family};`,
      )
      .replace(/\b(?:transition|cursor|pointer-events|outline)[^;]*;/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (declared) kept.push(`${names} { ${declared} }`);
  }
  return kept.join('\n');
}
