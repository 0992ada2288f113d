/**
 * Astro integration: the development server sends the site's headers, and a built site has the service worker that adds them
 * where the host cannot, and the files that make common hosts send them.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { headersFor } from '../../src/headers.ts';
import { bundle } from '../engine/bundle.ts';
import { headersFile, vercelConfig, webConfig } from './hosting.ts';
import { siteBaseSetting } from './relocatable.ts';

const WORKER = 'src/runtime/isolation-worker.ts';
const WORKER_FILE = 'isolation-worker.js';

/** The service worker as one classic script, which every browser with service workers can run. */
async function workerScript(): Promise<string> {
  const script = await bundle(WORKER, { format: 'iife', platform: 'browser' });
  if (script === null) throw new Error(`${WORKER} is not there`);
  return script;
}

export function siteHeaders(): AstroIntegration {
  return {
    name: 'site-headers',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const path = request.url?.split('?', 1)[0] ?? '/';
          // What is kept for how long is the development server's own affair.
          const { 'Cache-Control': _, ...headers } = headersFor(path);
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          if (path !== `/${WORKER_FILE}`) return next();
          workerScript().then((script) => {
            response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
            response.end(script);
          }, next);
        });
      },
      'astro:build:done': async ({ dir }) => {
        const files = {
          [WORKER_FILE]: await workerScript(),
          _headers: headersFile(siteBaseSetting()),
          'vercel.json': vercelConfig(siteBaseSetting()),
          'web.config': webConfig(),
        };
        for (const [name, text] of Object.entries(files)) writeFileSync(fileURLToPath(new URL(name, dir)), text);
      },
    },
  };
}
