/** The page that the platform opens: the lesson in its frame, and one line for what the learner must know of the platform. */
import { escaped } from '../../src/escaped.ts';
import type { Version } from './bridge/dialects.ts';

/** The launcher's scripts, in the order in which they run: the bridge listens before there is a lesson. */
export const SCRIPTS = { bridge: 'scorm-bridge.js', element: 'request-flow.js' } as const;

interface Launched {
  readonly version: Version;
  readonly title: string;
  /** Address of the embedded lesson: in the package, or on the site. */
  readonly src: string;
}

/** The colours are those of src/styles/tokens.css; the lesson brings its own sheet, in its own frame. */
export const launcher = ({ version, title, src }: Launched): string => `<!doctype html>
<html lang="en" data-scorm="${version}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; background: light-dark(#faf6ec, #161d26); color: light-dark(#1c2129, #efe9dc); }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
p { margin: 0; padding: 0.5rem 1rem; border-bottom: 1px solid light-dark(#555a62, #b3b2aa); }
p:empty { display: none; }
a { color: inherit; }
</style>
<script src="${SCRIPTS.bridge}" defer></script>
<script src="${SCRIPTS.element}" defer></script>
</head>
<body>
<p role="status"></p>
<request-flow src="${escaped(src)}" label="${escaped(title)}" loading="eager">
<noscript><p>This lesson needs JavaScript. <a href="${escaped(src)}">Read it without.</a></p></noscript>
</request-flow>
</body>
</html>
`;
