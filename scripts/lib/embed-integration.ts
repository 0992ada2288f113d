/** Astro integration: the script that other people's pages load, at its two addresses, in the built site and in the development server. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { ELEMENT_FILES } from '../../src/embed/addresses.ts';
import { VERSION } from '../../src/embed/protocol.ts';
import { bundle } from '../engine/bundle.ts';

const ENTRY = 'src/embed/element.ts';

/** `<request-flow>` as one classic script, which also runs as a module. */
export async function elementScript(): Promise<string> {
  const script = await bundle(ENTRY, { format: 'iife', platform: 'browser' });
  if (script === null) throw new Error(`${ENTRY} is not there`);
  return `/* Follow the Request: <request-flow>, protocol ${VERSION}. MIT. */\n${script}`;
}

export function embedElement(): AstroIntegration {
  return {
    name: 'embed-element',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const path = request.url?.split('?', 1)[0]?.slice(1) ?? '';
          if (!ELEMENT_FILES.includes(path)) return next();
          elementScript().then((script) => {
            response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
            response.end(script);
          }, next);
        });
      },
      'astro:build:done': async ({ dir }) => {
        const script = await elementScript();
        for (const file of ELEMENT_FILES) writeFileSync(fileURLToPath(new URL(file, dir)), script);
      },
    },
  };
}
