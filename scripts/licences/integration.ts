/** Astro integration: when the scripts of a build are made, and before its pages are, notes what they ship of others. */
import { writeFileSync } from 'node:fs';
import type { AstroIntegration } from 'astro';
import { notePackages } from './packages.ts';
import { SHIPPED, shipped } from './shipped.ts';

export function licences(): AstroIntegration {
  return {
    name: 'licences',
    hooks: {
      'astro:config:setup': ({ command, updateConfig }) => {
        if (command !== 'build') return;
        const noted = notePackages((files) => writeFileSync(SHIPPED, JSON.stringify(shipped(files))));
        updateConfig({ vite: { plugins: [noted] } });
      },
    },
  };
}
