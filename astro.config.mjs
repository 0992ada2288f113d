// The site: static pages, Svelte islands, lessons in MDX.
import mdx from '@astrojs/mdx';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { contentSecurityPolicy } from './scripts/lib/csp.ts';
import { siteHeaders } from './scripts/lib/headers-integration.ts';
import { codeTheme } from './src/styles/code-themes.mjs';

/**
 * `client:engage`, see src/components/engage.ts.
 * @type {import('astro').AstroIntegration}
 */
const clientEngage = {
  name: 'client-engage',
  hooks: {
    'astro:config:setup': ({ addClientDirective }) => addClientDirective({ name: 'engage', entrypoint: './src/components/engage.ts' }),
  },
};

/**
 * A style sheet is named by its content alone. Astro builds pages and islands apart and keeps one of two equal sheets; with
 * a name from the file that happened to import it, a lazily loaded island would ask for the one that was dropped.
 */
const assetFileNames = ({ names }) => (names[0]?.endsWith('.css') ? '_astro/[hash][extname]' : '_astro/[name].[hash][extname]');

/**
 * The trace is shared by the figure and by parts that are loaded later: a chunk of its own, or they would ask for the figure's
 * style sheet, which the page brought already and Astro therefore left out of the scripts' build.
 */
const TRACE = { name: 'trace', test: /[\\/]src[\\/]trace[\\/]/ };

export default defineConfig({
  output: 'static',
  // The development server would send the sandbox's files without an ending, as /etc/hosts, to the page "not found".
  trailingSlash: process.argv.includes('dev') ? 'ignore' : 'always',
  devToolbar: { enabled: false },
  markdown: { shikiConfig: { theme: codeTheme } },
  integrations: [mdx(), svelte(), contentSecurityPolicy(), siteHeaders(), clientEngage],
  vite: {
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: { assetFileNames },
        onLog(level, log, next) {
          // Astro's own mark in every MDX file; it has been read by the time the bundler warns of it.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
        },
      },
    },
    environments: { client: { build: { rolldownOptions: { output: { assetFileNames, codeSplitting: { groups: [TRACE] } } } } } },
    // What the engine build writes is not a source.
    server: { watch: { ignored: ['**/.cache/**', '**/public/engine/**', '**/test-results/**'] } },
  },
});
