/**
 * The content security policy of every page, as a `<meta>`, so that it holds on any static host.
 *
 * Scripts run when they come from the site itself or when they stood in the page at build time (by hash). The engine's
 * frame is a `srcdoc`: it inherits this policy and narrows it with its own. For its sake blob: scripts and workers,
 * WebAssembly and the frame's own inline script are allowed here; so is the one script of the frame in which the browser pane shows
 * pages (src/workspace/browser/bridge.ts). There is no `frame-ancestors`: embedding is welcome.
 * Lessons and the playground may hold frames of WebContainer, unless the site is built without it; they are opened only after the learner said yes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { BRIDGE } from '../../src/workspace/browser/bridge.ts';
import { at, filesBelow } from './paths.ts';
import { webcontainerSetting } from './settings.ts';

const INLINE_SCRIPT = /<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*["']?application\/)[^>]*>([\s\S]*?)<\/script>/gi;

/** `'sha256-…'` as script-src wants it. */
function scriptHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The frame that boots a WebContainer, and the previews of what listens in it, by either value of its `coep`. */
export const WEBCONTAINER_FRAMES: readonly string[] = [
  'https://stackblitz.com',
  'https://*.local-corp.webcontainer-api.io',
  'https://*.local-credentialless.webcontainer-api.io',
];

/** The policy for a page with these inline scripts, which may hold frames of these sites beside its own. */
function policyFor(inlineScripts: readonly string[], frames: readonly string[] = []): string {
  const hashes = [...new Set(inlineScripts.map(scriptHash))].sort();
  return [
    "default-src 'self'",
    `script-src 'self' blob: 'wasm-unsafe-eval' ${hashes.join(' ')}`.trimEnd(),
    // Terminal and editor make their style sheets at run time, and the figure sets style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    ["frame-src 'self'", ...frames].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** The page with its policy as the first thing after the charset. */
export function withPolicy(html: string, extraScripts: readonly string[] = [], frames: readonly string[] = []): string {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map((match) => match[1] ?? '');
  const meta = `<meta http-equiv="content-security-policy" content="${policyFor([...scripts, ...extraScripts], frames)}">`;
  const placed = html.replace(/<meta charset=[^>]*>/i, (charset) => charset + meta);
  if (placed === html) throw new Error('A page has no <meta charset>: its policy has no place');
  return placed;
}

/** The frame's inline script, when the engine has been built. */
function frameScript(): string[] {
  const addresses = at('src/runtime/generated/engine.json');
  if (!existsSync(addresses)) return [];
  const { frame }: { frame?: string } = JSON.parse(readFileSync(addresses, 'utf8'));
  return frame ? [readFileSync(at('public', frame), 'utf8')] : [];
}

/** Astro integration: gives every built page its policy. */
export function contentSecurityPolicy(): AstroIntegration {
  return {
    name: 'content-security-policy',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const extra = [...frameScript(), BRIDGE];
        const root = fileURLToPath(dir);
        const [lessons, playground] = [join(root, 'lessons'), join(root, 'playground')];
        const engine = webcontainerSetting() === 'off' ? [] : WEBCONTAINER_FRAMES;
        for (const file of filesBelow(fileURLToPath(dir))) {
          if (!file.endsWith('.html')) continue;
          // The last one connects previews in a tab of their own, see src/pages/404.astro.
          const hasEngine = dirname(dirname(file)) === lessons || dirname(file) === playground || file === join(root, '404.html');
          writeFileSync(file, withPolicy(readFileSync(file, 'utf8'), extra, hasEngine ? engine : []));
        }
      },
    },
  };
}
