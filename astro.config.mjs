// The site: static pages, Svelte islands, lessons in MDX.
import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { buildName } from './scripts/lib/build-name.ts';
import { contentSecurityPolicy } from './scripts/lib/csp.ts';
import { embedElement } from './scripts/lib/embed-integration.ts';
import { siteHeaders } from './scripts/lib/headers-integration.ts';
import { lightPages } from './scripts/lib/lighten.ts';
import { relocatable } from './scripts/lib/relocatable.ts';
import { licences } from './scripts/licences/integration.ts';
import { markTerms } from './src/glossary/mark-terms.ts';
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

export default defineConfig({
  output: 'static',
  // not in node_modules, which several checkouts may share
  cacheDir: './.cache/astro',
  // The development server would send the sandbox's files without an ending, as /etc/hosts, to the page "not found".
  trailingSlash: process.argv.includes('dev') ? 'ignore' : 'always',
  devToolbar: { enabled: false },
  // Some hosts refuse names that begin with an underscore, as Astro's own `_astro`.
  build: { assets: 'assets' },
  markdown: { processor: satteri({ hastPlugins: [markTerms] }), shikiConfig: { theme: codeTheme } },
  integrations: [
    mdx(),
    svelte(),
    clientEngage,
    embedElement(),
    licences(),
    lightPages(),
    relocatable(),
    contentSecurityPolicy(),
    siteHeaders(),
    buildName(),
  ],
  vite: {
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: {
        onLog(level, log, next) {
          // Astro's own mark in every MDX file; it has been read by the time the bundler warns of it.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
        },
      },
    },
    // What the engine build writes is not a source.
    server: { watch: { ignored: ['**/.cache/**', '**/public/engine/**', '**/test-results/**'] } },
  },
});
