/** The search index, under a name that changes with its content. */
import type { APIRoute } from 'astro';
import { searchIndex } from '../../search/built.ts';

export async function getStaticPaths() {
  return [{ params: { index: (await searchIndex()).name } }];
}

export const GET: APIRoute = async () => new Response((await searchIndex()).text, { headers: { 'Content-Type': 'application/json' } });
