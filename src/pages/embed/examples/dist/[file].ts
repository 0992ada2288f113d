/** reveal.js itself, where its example looks for it: as in a folder of slides. */
import type { APIRoute } from 'astro';
import style from '../../../../../node_modules/reveal.js/dist/reveal.css?raw';
import script from '../../../../../node_modules/reveal.js/dist/reveal.js?raw';

const files = { 'reveal.css': style, 'reveal.js': script };

export const getStaticPaths = () => Object.entries(files).map(([file, text]) => ({ params: { file }, props: { text } }));

export const GET: APIRoute<{ readonly text: string }> = ({ props }) => new Response(props.text);
