import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageContent } from './render.ts';
import { type PageElement, type PageNode, rewritePage } from './rewrite.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const URL_ = 'http://localhost/shop/page.html';

/** A DOM as a parser would make it, without a parser. */
function el(
  localName: string,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly (PageNode | string)[] = [],
  namespaceURI = HTML,
): PageElement {
  return {
    nodeType: 1,
    nodeValue: null,
    localName,
    namespaceURI,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    childNodes: children.map((child) => (typeof child === 'string' ? { nodeType: 3, nodeValue: child, childNodes: [] } : child)),
  };
}
const page = (body: readonly (PageNode | string)[], head: readonly PageNode[] = []): PageElement =>
  el('html', {}, [el('head', {}, head), el('body', {}, body)]);
const rewrite = (root: PageElement) => rewritePage(root, URL_, () => '<svg xmlns="http://www.w3.org/2000/svg"/>');

async function written(
  root: PageElement,
  files: Readonly<Record<string, { type: string; text: string }>> = {},
): Promise<{ html: string; asked: string[]; notes: readonly string[] }> {
  const asked: string[] = [];
  const content = new PageContent(rewrite(root), (url) => {
    asked.push(url);
    const file = files[url];
    return Promise.resolve(file ? { url, type: file.type, body: new TextEncoder().encode(file.text) } : null);
  });
  await content.collect();
  return { html: content.write('n0nce').replace(/<script nonce="n0nce">[\s\S]*?<\/script>/, '<bridge>'), asked, notes: content.notes };
}

describe('what may be shown', () => {
  it('keeps known elements and attributes, and escapes text', async () => {
    const { html } = await written(page([el('p', { class: 'a "b"', 'data-x': '1' }, ['1 < 2 & 3', el('br')])]));
    expect(html).toContain('<body><p class="a &quot;b&quot;" data-x="1">1 &lt; 2 &amp; 3<br></p></body>');
  });

  it('leaves out what runs, loads or leads away', async () => {
    const { html } = await written(
      page(
        [
          el('script', {}, ['alert(1)']),
          el('p', { onclick: 'x()', style: 'background:url(javascript:x)', 'data-ftr': '0', autofocus: '', contenteditable: '' }, ['text']),
          el('a', { href: 'javascript:alert(1)', ping: 'http://evil/', target: '_top' }, ['link']),
          el('iframe', { srcdoc: '<script>1</script>' }),
          el('object', { data: 'http://evil/' }, ['fallback']),
          el('noscript', {}, [el('b', {}, ['no scripts'])]),
          el('template', {}, ['hidden']),
          el('math', {}, [el('mtext', {}, ['x'], 'http://www.w3.org/1998/Math/MathML')], 'http://www.w3.org/1998/Math/MathML'),
        ],
        [
          el('meta', { 'http-equiv': 'refresh', content: '0;url=http://evil/' }),
          el('base', { target: '_top' }),
          el('title', {}, ['</title><script>']),
        ],
      ),
    );
    expect(html).toContain('<body><p style="background:url(&quot;data:,&quot;)">text</p><a>link</a><b>no scripts</b>x</body>');
    expect(html).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
    expect(html).not.toMatch(/evil|refresh|javascript|<base/);
  });

  it('tells what it left out', () => {
    expect(rewrite(page([el('script'), el('script'), el('video')])).left).toEqual({ script: 2, video: 1 });
  });

  it('shows a drawing as an image, in which nothing runs', async () => {
    const svg = el('svg', { width: '8', onload: 'x()' }, [], 'http://www.w3.org/2000/svg');
    expect((await written(page([svg]))).html).toContain('<img alt="" width="8" src="data:image/svg+xml,%3Csvg');
  });
});

describe('links and forms', () => {
  it('become numbers, resolved against the base of the page', () => {
    const { links, forms, base } = rewrite(
      page(
        [
          el('a', { href: 'x?y#z' }),
          el('a', { href: '#part' }),
          el('form', { action: '/send', method: 'POST' }, [el('button', { formaction: 'other', formmethod: 'get' })]),
          el('form', {}),
        ],
        [el('base', { href: '/deep/er/' })],
      ),
    );
    expect(base).toBe('http://localhost/deep/er/');
    expect(links).toEqual(['http://localhost/deep/er/x?y#z', 'http://localhost/deep/er/#part']);
    expect(forms).toEqual([
      { url: 'http://localhost/send', method: 'POST', multipart: false },
      { url: 'http://localhost/deep/er/other', method: 'GET', multipart: false },
      { url: 'http://localhost/deep/er/', method: 'GET', multipart: false },
    ]);
  });
});

describe('what a page loads', () => {
  const css = (text: string) => ({ type: 'text/css', text });

  it('becomes part of it: sheets before the sheets that ask for them, images and fonts as data', async () => {
    const { html, asked } = await written(
      page(
        [el('img', { src: '../dot.png' })],
        [el('link', { rel: 'stylesheet', href: '/a.css', media: 'screen' }), el('style', {}, ['p{color:red}'])],
      ),
      {
        'http://localhost/a.css': css('@import "sub/b.css" (width > 1px); i{}'),
        'http://localhost/sub/b.css': css('b{background:url(c.png)}'),
        'http://localhost/sub/c.png': { type: 'image/png', text: 'C' },
        'http://localhost/dot.png': { type: 'image/png', text: 'D' },
      },
    );
    expect(asked.sort()).toEqual([
      'http://localhost/a.css',
      'http://localhost/dot.png',
      'http://localhost/sub/b.css',
      'http://localhost/sub/c.png',
    ]);
    expect(html).toContain(
      '<style media="screen and (width &gt; 1px)">b{background:url("data:image/png;base64,Qw==")}</style><style media="screen"> i{}</style><style>p{color:red}</style>',
    );
    expect(html).toContain('<img src="data:image/png;base64,RA==">');
  });

  it('takes a sheet only as text/css, and says so', async () => {
    const { html, notes } = await written(page([], [el('link', { rel: 'stylesheet', href: '/a.css' })]), {
      'http://localhost/a.css': { type: 'text/plain', text: 'p{}' },
    });
    expect(html).not.toContain('p{}');
    expect(notes).toEqual([expect.stringMatching(/^\/a\.css is not used: it came as text\/plain/)]);
  });

  it('ends, though sheets ask for each other', async () => {
    const { asked } = await written(page([], [el('link', { rel: 'stylesheet', href: '/a.css' })]), {
      'http://localhost/a.css': css('@import "a.css";'),
    });
    expect(asked.length).toBeLessThan(10);
  });

  it('asks for an image once', async () => {
    const { asked } = await written(page([el('img', { src: '/d.png' }), el('img', { src: '/d.png' })]));
    expect(asked).toEqual(['http://localhost/d.png']);
  });
});

const EVIL = [
  'javascript:alert(1)',
  'JaVaScRiPt:1',
  ' java\nscript:1',
  'http://evil/x',
  '//evil/x',
  'data:text/html,<script>',
  '"><script>alert(1)</script>',
  "'/onerror=x//",
  '</style><script>',
  'url(//evil/)',
  'blob:http://evil/',
  'x',
];
const TAGS = [
  'a',
  'p',
  'img',
  'form',
  'input',
  'button',
  'script',
  'style',
  'link',
  'meta',
  'base',
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
  'template',
  'noscript',
  'textarea',
  'title',
  'xmp',
  'plaintext',
  'x-y',
  'video',
  'frame',
  'area',
  'body',
  'html',
  'head',
  'a:b',
  'p onclick=x',
  'IMG',
];
const NAMES = [
  'href',
  'src',
  'srcset',
  'srcdoc',
  'action',
  'formaction',
  'onclick',
  'onerror',
  'style',
  'http-equiv',
  'content',
  'target',
  'xlink:href',
  'id',
  'data-ftr',
  'data-ftr-x',
  'rel',
  'type',
  'background',
  'ping',
  'is',
  'poster',
  'data',
  'nonce',
  'x" onload="y',
  'media',
];
const trees = fc.letrec<{ node: PageNode | string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(...EVIL), fc.string()),
    fc
      .tuple(
        fc.constantFrom(...TAGS),
        fc.dictionary(
          fc.oneof(fc.constantFrom(...NAMES), fc.string({ minLength: 1, maxLength: 4 })),
          fc.oneof(fc.constantFrom(...EVIL), fc.string()),
        ),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.constantFrom(HTML, HTML, HTML, 'http://www.w3.org/2000/svg', 'http://www.w3.org/1998/Math/MathML'),
      )
      .map(([tag, attributes, children, namespace]) => el(tag, attributes, children, namespace)),
  ),
})).node;

it('whatever a page is: no script, no handler, no address but data in what is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(trees, { maxLength: 5 }), async (children) => {
      const root = page(children.filter((one) => typeof one === 'string' || one.nodeType === 1));
      const { html } = await written(root, { 'http://localhost/x': { type: 'text/css', text: '</style><script>' } });
      const body = html.replace(/^[\s\S]*?<bridge>/, '').replace(/<style[^>]*>[\s\S]*?<\/style>/g, '');
      // what is left of it after taking out every tag of the allowed form has no tag at all
      const TAG = /<\/?([a-z][a-z0-9-]*)((?: [a-z_][a-z0-9_.-]*="[^"<>]*")*)>/g;
      expect(body.replace(TAG, '')).not.toMatch(/[<>]/);
      for (const [, tag = '', attributes = ''] of body.matchAll(TAG)) {
        expect(tag).not.toMatch(/^(script|style|link|meta|base|iframe|object|embed|svg|math|template|frame)$/);
        for (const [, name = '', value = ''] of attributes.matchAll(/ ([^=]+)="([^"]*)"/g)) {
          expect(name).not.toMatch(/^(on|nonce|srcdoc|srcset|action|formaction|ping|target|http-equiv|content$|is$|data$|poster)/);
          if (name === 'href') expect(value).toBe('#');
          if (name === 'src') expect(value).toMatch(/^data:(image\/|,$|application\/octet-stream)/);
          if (name === 'style') expect(value.replaceAll('&quot;', '"')).not.toMatch(/url\((?!"data:)/i);
        }
      }
    }),
    { numRuns: 400 },
  );
});
