/** What is asked of both sides in a lesson: out of its own data, and a short list that every lesson shares. */
import type { LessonData } from '../../src/lesson/format.ts';
import type { Visit, Wish } from './exchange.ts';
import { type State, textOf } from './state.ts';

/** The lesson's own requests are for one address each, so that what they come to does not hang on who came first. */
export function visitsOf({ data, body }: { readonly data: LessonData; readonly body: string }, state: State): Visit[] {
  const sent = [...body.matchAll(/<Do\s[^>]*\bsend="([^"]+)"/g)].map(([, url = '']) => url);
  const asked = [
    ...data.requests.map(({ url }) => url),
    ...sent,
    ...data.checks.flatMap((check) => (check.kind === 'http' ? [check.url] : [])),
    ...data.solution.flatMap((step) => ('send' in step ? [step.send] : [])),
    ...data.quiz.flatMap(({ run }) => run?.send ?? []),
  ];
  const own = [...new Set(asked.map(brief))].map((url): Visit => ({ name: url, wishes: [get(url)] }));
  const all = common(state);
  const sealed = listensTls(state) ? all.map((one): Visit => ({ ...one, name: `https: ${one.name}`, https: true })) : [];
  return [...own, ...all, ...sealed];
}

/** What an answer looks like does not hang on how long it took. */
const brief = (url: string): string => url.replace(/\bms=\d{3,}/, 'ms=50').replace(/\bn=\d{5,}/, 'n=9999');

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Wish => ({ method: 'GET', path, headers });

/** A file that Nginx sends by itself, as `/static/site.css`, or null: it sends none. */
export function staticFile(state: State): string | null {
  for (const text of sites(state)) {
    for (const [, location = '', folder = ''] of text.matchAll(/location (\/\S*\/) \{\s*alias (\/\S+\/);/g)) {
      const file = [...state.keys()].filter((path) => path.startsWith(folder)).sort()[0];
      if (file !== undefined) return location + file.slice(folder.length);
    }
  }
  return null;
}

const sites = (state: State): string[] =>
  [...state.keys()].filter((path) => path.startsWith('/etc/nginx/sites-enabled/')).map((path) => siteText(state, path));

/** A site may be a link to sites-available. */
function siteText(state: State, path: string): string {
  const one = state.get(path);
  return textOf(state, one?.kind === 'link' ? one.target : path) ?? '';
}

const listensTls = (state: State): boolean => sites(state).some((text) => /^\s*listen\s+443\s+ssl/m.test(text));

function common(state: State): Visit[] {
  const one = (name: string, ...wishes: Wish[]): Visit => ({ name, wishes });
  const post = (path: string, body: string): Wish => ({
    method: 'POST',
    path,
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  const pages = [
    one('a page', get('/')),
    one('only the head of a page', { method: 'HEAD', path: '/' }),
    one('a page that is not there', get('/no/such/page?a=1')),
    one('a form', post('/', 'name=Ada&tea=2')),
    one('a form that is too large', post('/', 'x'.repeat(1_048_577))),
    one('a head that is too large', get('/', { 'X-Long': 'x'.repeat(9000) })),
    one('the last request of a connection', get('/', { Connection: 'close' })),
    one('a path that leads up', get('/a/../../etc/passwd')),
    one('a path in other letters', get('//no%2Fsuch/./%70age')),
    one('a path that is not one', get('/%zz')),
    one('a method that is not allowed', { method: 'TRACE', path: '/' }),
    one('no host', get('/', { Host: '' })),
  ];
  const file = staticFile(state);
  if (file === null) return pages;
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return [
    ...pages,
    one('a file', get(file)),
    one('only the head of a file', { method: 'HEAD', path: file }),
    one('a file that is not newer', get(file, { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' })),
    one('a part of a file', get(file, { Range: 'bytes=0-9' })),
    one('a part behind the end of a file', get(file, { Range: 'bytes=99999-' })),
    one('a file that is not there', get(`${folder}none.css`)),
    one('a folder', get(folder)),
    one('a form to a file', post(file, 'a=1')),
    one('four on one connection', get('/'), get(file), get(`${folder}none.css`), get('/no/such/page')),
  ];
}

/** The curl commands of a lesson that stand alone: of its buttons, its checks and its questions. */
export function curlsOf({ data, body }: { readonly data: LessonData; readonly body: string }): string[] {
  const typed = [...body.matchAll(/<Do\s[^>]*\brun="([^"]+)"/g)].map(([, run = '']) => run);
  const checked = data.checks.flatMap((check) => (check.kind === 'command' ? [check.run] : []));
  const tried = data.quiz.flatMap(({ run }) => run?.command ?? []);
  return [...new Set([...typed, ...checked, ...tried])].filter((run) => /^curl [^|;&<>$`]+$/.test(run));
}
