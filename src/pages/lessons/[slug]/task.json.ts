/** The task, the checks and the steps of a lesson's solution, for its work area. */
import { type CollectionEntry, getCollection } from 'astro:content';
import type { APIRoute } from 'astro';
import { taskOf } from '../../../workspace/lesson-task.ts';

export async function getStaticPaths() {
  return (await getCollection('lessons')).map((lesson) => ({ params: { slug: lesson.id }, props: { lesson } }));
}

interface Props {
  readonly lesson: CollectionEntry<'lessons'>;
}

export const GET: APIRoute<Props> = ({ props }) => Response.json(taskOf(props.lesson.data));
