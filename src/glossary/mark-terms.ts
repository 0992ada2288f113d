/**
 * A step of the build of lessons (rehype): the first place in a lesson's text where a term of the glossary stands becomes a link to
 * it. Not in headings, code, links, buttons and exercises. What the link shows on the spot, popover.ts does when it is first wanted.
 */
import { TERMS, type Term } from './terms.ts';

/** What is used of a tree of HTML, with the components of MDX in it. */
interface Node {
  type: string;
  tagName?: string;
  /** Of a component. */
  name?: string | null;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

const NOT_IN: ReadonlySet<string> = new Set(['a', 'button', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'kbd', 'summary']);
const NOT_IN_COMPONENTS: ReadonlySet<string> = new Set(['Do', 'Pair', 'Sort']);

/** From a lesson, which is /lessons/slug/, to the glossary: so it holds below any base. */
const GLOSSARY = '../../glossary/';

export function markTerms() {
  return (tree: Node): void => {
    const left = new Set(TERMS);
    walk(tree, left);
  };
}

function walk(node: Node, left: Set<Term>): void {
  if (!node.children || NOT_IN.has(node.tagName ?? '') || NOT_IN_COMPONENTS.has(node.name ?? '')) return;
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text' && node.type !== 'root') return marked(child.value ?? '', left);
    walk(child, left);
    return [child];
  });
}

/** The text with links in it. */
function marked(text: string, left: Set<Term>): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const { index, 0: found } of text.matchAll(ANY)) {
    const term = termOf(found);
    if (!term || !left.delete(term)) continue;
    const properties = { className: ['term'], href: `${GLOSSARY}#${term.id}`, 'data-term': term.id };
    nodes.push({ type: 'text', value: text.slice(from, index) });
    nodes.push({ type: 'element', tagName: 'a', properties, children: [{ type: 'text', value: found }] });
    from = index + found.length;
  }
  nodes.push({ type: 'text', value: text.slice(from) });
  return nodes.filter(({ value }) => value !== '');
}

/** Every form of every term, the longer ones first: "listen queue" before "listen". */
const FORMS: ReadonlyMap<string, Term> = new Map(
  TERMS.flatMap((term) => [term.term, ...(term.forms ?? [])].map((form): [string, Term] => [form, term])).sort(([a], [b]) => b.length - a.length),
);

/** A form stands alone, not as a part of a longer name: not `master` in `master-fifo`, not `WSGI` in `uWSGI`. */
const ANY = new RegExp(`(?<![\\w./-])(?:${[...FORMS.keys()].map(pattern).join('|')})(?![\\w/-])(?!\\.\\w)`, 'gu');

function pattern(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (form !== form.toLowerCase() || !/^[a-z]/.test(form)) return escaped;
  return `[${form[0]}${form[0]?.toUpperCase()}]${escaped.slice(1)}`;
}

const termOf = (found: string): Term | undefined => FORMS.get(found) ?? FORMS.get(found.charAt(0).toLowerCase() + found.slice(1));
