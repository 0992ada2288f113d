/**
 * A plugin of the build of lessons: the first place in a lesson's text where a term of the glossary stands becomes a link to
 * it. Not in headings, code, links, buttons and exercises. What the link shows on the spot, note.ts does when it is first wanted.
 */
import type { HastNode, HastPluginDefinition } from 'satteri';
import type { Term } from './terms/term.ts';
import { TERMS } from './terms.ts';

const NOT_IN: ReadonlySet<string> = new Set([
  ...['a', 'button', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'kbd', 'summary'],
  ...['Do', 'Pair', 'Sort'],
]);

/** From a lesson, which is /lessons/slug/, to the glossary: so it holds below any base. */
const GLOSSARY = '../../glossary/';

/** The plugin, made anew for each lesson. */
export function markTerms(): HastPluginDefinition {
  const left = new Set(TERMS);
  return {
    name: 'mark-terms',
    text(node, context) {
      if (isShutOut(node, context)) return;
      const nodes = marked(node.value, left);
      if (nodes.length > 1) context.replaceNode(node, nodes);
    },
  };
}

type Context = Parameters<NonNullable<HastPluginDefinition['text']>>[1];

function isShutOut(node: HastNode, context: Context): boolean {
  for (let around = context.parent(node); around; around = context.parent(around)) {
    const name = 'tagName' in around ? around.tagName : 'name' in around ? around.name : null;
    if (name && NOT_IN.has(name)) return true;
  }
  return false;
}

/** The text with links in it; one piece when there is no term. */
function marked(text: string, left: Set<Term>): HastNode[] {
  const nodes: HastNode[] = [];
  let from = 0;
  for (const { index, 0: found } of text.matchAll(ANY)) {
    const term = termOf(found);
    if (!term || !left.delete(term)) continue;
    const properties = { className: ['term'], href: `${GLOSSARY}#${term.id}`, 'data-term': term.id };
    if (index > from) nodes.push({ type: 'text', value: text.slice(from, index) });
    nodes.push({ type: 'element', tagName: 'a', properties, children: [{ type: 'text', value: found }] });
    from = index + found.length;
  }
  if (from < text.length) nodes.push({ type: 'text', value: text.slice(from) });
  // one that is a term as a whole is replaced, too
  return nodes.length === 1 && from > 0 ? [{ type: 'text', value: '' }, ...nodes] : nodes;
}

/** Every form of every term, the longer ones first: "listen queue" before "listen". */
const FORMS: ReadonlyMap<string, Term> = new Map(
  TERMS.flatMap((term) => [term.term, ...(term.forms ?? [])].map((form): [string, Term] => [form, term])).sort(
    ([a], [b]) => b.length - a.length,
  ),
);

/** A form stands alone, not as a part of a longer name: not `master` in `master-fifo`, not `WSGI` in `uWSGI`. */
const ANY = new RegExp(`(?<![\\w./-])(?:${[...FORMS.keys()].map(pattern).join('|')})(?![\\w/-])(?!\\.\\w)`, 'gu');

function pattern(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (form !== form.toLowerCase() || !/^[a-z]/.test(form)) return escaped;
  return `[${form[0]}${form[0]?.toUpperCase()}]${escaped.slice(1)}`;
}

const termOf = (found: string): Term | undefined => FORMS.get(found) ?? FORMS.get(found.charAt(0).toLowerCase() + found.slice(1));
