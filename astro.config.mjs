// The site: static pages, Svelte islands, lessons in MDX.
import mdx from '@astrojs/mdx';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { contentSecurityPolicy } from './scripts/lib/csp.ts';
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

export default defineConfig({
  output: 'static',
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  markdown: { shikiConfig: { theme: codeTheme } },
  integrations: [mdx(), svelte(), contentSecurityPolicy(), clientEngage],
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
    environments: { client: { build: { rolldownOptions: { output: { assetFileNames } } } } },
    // What the engine build writes is not a source.
    server: { watch: { ignored: ['**/.cache/**', '**/public/engine/**', '**/test-results/**'] } },
  },
});
