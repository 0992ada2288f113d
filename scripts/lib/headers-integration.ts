/**
 * Astro integration: the development server sends the site's headers, and a built site has the files that make common hosts send them.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { headersFor } from '../../src/headers.ts';
import { headersFile, vercelConfig, webConfig } from './hosting.ts';
import { siteBaseSetting } from './relocatable.ts';

/** While one writes there is no service worker: one that a built site has left at this address would go on showing that. It takes itself away. */
const NO_WORKER =
  "self.addEventListener('install',()=>self.skipWaiting());self.addEventListener('activate',()=>self.registration.unregister());";

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
          if (path !== '/service-worker.js') return next();
          response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
          response.end(NO_WORKER);
        });
      },
      'astro:build:done': ({ dir }) => {
        const files = {
          _headers: headersFile(siteBaseSetting()),
          'vercel.json': vercelConfig(siteBaseSetting()),
          'web.config': webConfig(),
        };
        for (const [name, text] of Object.entries(files)) writeFileSync(fileURLToPath(new URL(name, dir)), text);
      },
    },
  };
}
