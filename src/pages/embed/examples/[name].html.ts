/** The examples as pages that run: the files as they are, and around those that are only a part of a page, the page they would be pasted into. */
import type { APIRoute } from 'astro';
import { EXAMPLES, type Example, PLACE } from '../../../embed/examples.ts';

export const getStaticPaths = () => EXAMPLES.map((example) => ({ params: { name: example.name }, props: { example } }));

/** What Canvas does with a frame that tells its height. */
const CANVAS = `addEventListener('message', ({ data, source }) => {
  if (data?.subject !== 'lti.frameResize') return;
  for (const frame of document.querySelectorAll('iframe')) if (frame.contentWindow === source) frame.style.height = data.height + 'px';
});`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.5 sans-serif; }</style>
  </head>
  <body><main>${body}</main></body>
</html>
`;

const HEAD = '<head>\n    <meta name="robots" content="noindex">\n    <link rel="icon" href="data:,">';

async function runs({ name, title, text }: Example): Promise<string> {
  if (name === 'docs') {
    const { compiledContent } = await import('../../../embed/examples/docs.md');
    // the words of the glossary are marked in all Markdown here, but not in that of others
    return page(title, (await compiledContent()).replace(/<a class="term"[^>]*>(.*?)<\/a>/g, '$1'));
  }
  if (name === 'lms') return page(title, `<h1>Module 3</h1>${text}<script>${CANVAS}</script>`);
  return text;
}

interface Props {
  readonly example: Example;
}

export const GET: APIRoute<Props> = async ({ props }) => {
  const html = await runs(props.example);
  return new Response(html.replaceAll(PLACE, '../../').replace('<head>', HEAD));
};
