/** Runs the rules of a server or location: rewrite, set, if, return, break. */
import { bytesOf, toUnicode } from '../../http/bytes.ts';
import type { Condition, Return, Rewrite, Rule } from '../config/rules.ts';
import { contentType } from '../mime.ts';
import { DONE, type Next, type Request, redirect, status } from '../request.ts';
import { send } from '../response.ts';
import { unescapeRedirect } from '../uri.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What the rules come to: an answer, a new URI to look up (`changed`), or neither. */
export type Outcome = { readonly next: Next } | 'changed' | 'go on';

/** `inServer` says where the rules stand: an `if` there changes no settings. */
export async function runRules(request: Request, rules: readonly Rule[], inServer: boolean): Promise<Outcome> {
  const state = { changed: false };
  const stop = await run(request, rules, inServer, state);
  if (stop !== null && typeof stop === 'object') return { next: stop };
  return state.changed ? 'changed' : 'go on';
}

/** An answer, 'stop' where the rules end early, or null to go on with the next rule. */
async function run(
  request: Request,
  rules: readonly Rule[],
  inServer: boolean,
  state: { changed: boolean },
): Promise<Next | 'stop' | null> {
  for (const rule of rules) {
    switch (rule.kind) {
      case 'set':
        request.setVariable(rule.name, rule.value(request));
        break;
      case 'break':
        return 'stop';
      case 'return':
        return answerReturn(request, rule);
      case 'rewrite': {
        const outcome = rewrite(request, rule, state);
        if (outcome !== null) return outcome;
        break;
      }
      case 'if': {
        if (!(await holds(request, rule.condition))) break;
        if (!inServer) enter(request, rule.location);
        const outcome = await run(request, rule.location.rules, inServer, state);
        if (outcome !== null) return outcome;
      }
    }
  }
  return null;
}

/** An `if` that holds: its settings count from now on. What answers stays unless it says otherwise. */
function enter(request: Request, location: Request['location']): void {
  request.location = location;
  request.settings = location.settings;
  if (location.content) request.content = location.content;
}

function rewrite(request: Request, rule: Rewrite, state: { changed: boolean }): Next | 'stop' | null {
  const match = rule.regex.exec(request.uri);
  if (!match) return null;
  request.capture(match);
  const path = rule.path(request);
  const own = rule.args?.(request) ?? null;
  const args = joinArgs(own, rule.dropArgs ? '' : request.args);
  if (rule.redirect !== null) return redirect(rule.redirect, unescapeRedirect(args === '' && own === null ? path : `${path}?${args}`));
  request.internal = true;
  if (path === '') {
    request.log('error', 'the rewritten URI has a zero length');
    return status(500);
  }
  request.uri = path;
  if (own !== null || rule.dropArgs) request.args = args;
  request.rawIsValid = false;
  if (rule.after === 'break') {
    request.locationIsValid = false;
    // The URI stays with this location, whatever was rewritten before.
    state.changed = false;
    return 'stop';
  }
  state.changed = true;
  return rule.after === 'last' ? 'stop' : null;
}

function joinArgs(own: string | null, before: string): string {
  if (own === null) return before;
  return own !== '' && before !== '' ? `${own}&${before}` : own + before;
}

async function holds(request: Request, condition: Condition): Promise<boolean> {
  switch (condition.kind) {
    case 'set': {
      const value = condition.value(request);
      return value !== '' && value !== '0';
    }
    case 'equal':
      return (condition.value(request) === condition.other(request)) !== condition.not;
    case 'match': {
      const match = condition.regex.exec(condition.value(request));
      if (match) request.capture(match);
      return (match !== null) !== condition.not;
    }
    case 'file': {
      const info = await request.client.host.fs.stat(toUnicode(condition.path(request))).catch(() => null);
      const { what } = condition;
      const there =
        info !== null &&
        (what === 'f' ? info.kind === 'file' : what === 'd' ? info.kind === 'directory' : what === 'x' ? (info.mode & 0o100) !== 0 : true);
      return there !== condition.not;
    }
  }
}

async function answerReturn(request: Request, { code, text }: Return): Promise<Next> {
  if (code === 444) {
    request.status = 444;
    return { kind: 'close' };
  }
  if (REDIRECTS.has(code)) return redirect(code, text?.(request) ?? '');
  if (text === null && code >= 400) return status(code);
  await request.client.sayContinue(request);
  const body = text?.(request) ?? '';
  await send(request, { status: code, type: contentType(request), length: body.length }, code === 204 ? null : bytesOf(body));
  return DONE;
}
