/**
 * What the playground can begin with: one folder each under lessons/playground, its data in preset.json and, like a lesson's, what it
 * lays over the server's tree in files/. Its slug is that of no lesson, so that the same code finds its files and keeps its work.
 */
import { z } from 'astro/zod';
import { lesson } from './format.ts';

const { start, requests, edit, wheels } = lesson.shape;

export const preset = z.strictObject({
  title: z.string().min(3).max(40).describe('What it is, in the list to choose from.'),
  about: z.string().min(20).max(160).describe('What is there, and what to try with it.'),
  start,
  wheels,
  requests,
  edit,
  recording: z
    .string()
    .describe("Slug of the lesson whose recording the picture shows before Run; the playground's own would say no more."),
});

export type PresetData = z.infer<typeof preset>;
export interface Preset extends PresetData {
  readonly slug: string;
}

/** Presets in the order of their folders, from the texts of their preset.json by path. Errors: which file is not as it must be. */
export function presetsOf(files: Readonly<Record<string, string>>): Preset[] {
  return Object.entries(files)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([path, text]) => {
      const slug = /\/\d+-(play-[a-z0-9-]+)\/preset\.json$/.exec(path)?.[1];
      if (!slug) throw new Error(`${path}: the folder of a preset is called NN-play-slug`);
      const parsed = preset.safeParse(JSON.parse(text));
      if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
      return { slug, ...parsed.data };
    });
}
