/** The lessons: one folder each under lessons/en, its text and data in index.mdx. The form is in src/lesson/format.ts. */
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { lesson } from './lesson/format.ts';

const lessons = defineCollection({
  loader: glob({
    base: './lessons/en',
    pattern: '*/index.mdx',
    // `11-which-worker/index.mdx` is /lessons/which-worker/: the number orders the folders and may change, the address may not
    generateId: ({ entry }) => entry.replace(/^\d+-/, '').replace(/\/index\.mdx$/, ''),
  }),
  schema: lesson,
});

export const collections = { lessons };
