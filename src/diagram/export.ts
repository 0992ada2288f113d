/** The moment as a file of its own: one SVG with its style in it, which any viewer opens and any editor takes apart. */
import { escaped } from '../escaped.ts';
import tokensCss from '../styles/tokens.css?raw';
import type { Frame } from '../trace/frame.ts';
import { seconds } from '../trace/text.ts';
import linesCss from './css/lines.css?raw';
import nodesCss from './css/nodes.css?raw';
import type { DrawingOptions } from './drawing.ts';
import { drawingOf } from './drawing.ts';

interface ExportOptions extends Omit<DrawingOptions, 'width' | 'height'> {
  readonly dark: boolean;
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
  const { layout, inner, words } = drawingOf(frame, { width: WIDTH, height: HEIGHT, followed, names, version, log });
  const theme = themeOf(dark);
  const [w, h] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-MARGIN} ${-MARGIN} ${w} ${h}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(`The server at ${seconds(frame.t)}, ${truth}`)}</title>
<desc id="desc">${escaped(words)}</desc>
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
