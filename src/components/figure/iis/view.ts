/**
 * The figure's IIS view: the same run with IIS words on the map, and beside it the model of what IIS would have done with
 * the same requests, on the same clock, with what differs said in words.
 */
import { chosenRequest, mountDiagram } from '../../../diagram/diagram.ts';
import { loadOf } from '../../../model/arrivals.ts';
import { Iis } from '../../../model/iis.ts';
import { SOURCES } from '../../../model/sources.ts';
import type { IisState } from '../../../model/state.ts';
import { stateAt } from '../../../model/state.ts';
import { addStyle } from '../style.ts';
import type { MountView, Seen } from '../view.ts';
import { differences } from './differences.ts';
import iisCss from './iis.css?inline';
import { mountModelPicture } from './model-picture.ts';
import { item, mountSettings } from './settings.ts';
import { twin } from './twin.ts';

let views = 0;

export const mountIis: MountView = (element, events) => {
  addStyle(iisCss);
  const id = `iis-${++views}`;
  element.innerHTML = markup(id);
  const part = <E extends HTMLElement>(name: string): E => element.querySelector<E>(`[data-part="${name}"]`) as E;
  const root = part('root');
  const numbers = [...element.querySelectorAll<HTMLElement>('[data-number]')];
  const written = new Map<HTMLElement, string>();
  let seen: Seen | null = null;
  let iis: Iis;

  const picture = mountModelPicture(part('picture'), events.open);
  const diagram = mountDiagram(part('run'), {
    onChoose(choice) {
      const key = chosenRequest(choice, seen?.frame);
      if (key) events.open(key);
    },
    log: () => seen?.log ?? null,
  });
  diagram.rename('iis');
  part('rules').replaceChildren(...Object.values(SOURCES).map(rule));
  const settings = mountSettings(
    { choice: part('choice'), text: part('text'), problem: part('problem'), notes: part('notes'), reset: part('reset') },
    ({ pool }) => {
      iis = new Iis(pool);
      if (seen) show(seen);
    },
  );
  iis = new Iis(settings.host.pool);

  function stateOf({ log, t }: Seen): IisState {
    iis.feed(loadOf(log));
    return stateAt(iis, t);
  }

  function list(name: string, lines: readonly string[], make: (line: string, i: number) => HTMLLIElement): void {
    const target = part(name);
    const text = lines.join('\n');
    if (written.get(target) === text) return;
    written.set(target, text);
    target.replaceChildren(...lines.map(make));
  }

  function show(now: Seen): void {
    seen = now;
    diagram.show(now.frame, now.followed);
    const state = stateOf(now);
    picture.show(iis, state, now.followed);
    const { over } = state;
    const counts: Record<string, number> = {
      waiting: state.waiting.length,
      running: state.running.length,
      done: over.done,
      refused: over.full + over.stopped,
      lost: over.lost,
    };
    for (const number of numbers) {
      const text = String(counts[number.dataset['number'] ?? '']);
      if (number.textContent !== text) number.textContent = text;
    }
    const found = differences(now.frame, state, iis);
    list(
      'differences',
      found.map((one) => one.text),
      (line, i) => {
        const entry = item(`${line} `);
        const { title, url } = SOURCES[found[i]?.source ?? 'queue'];
        if (url && title) entry.append(link(url, title));
        return entry;
      },
    );
    list('twin', twin(state, iis.settings), item);
  }

  part('toggle').addEventListener('change', (event) => {
    root.dataset['shows'] = (event.target as HTMLInputElement).value;
  });

  return {
    show,
    move(now) {
      seen = now;
      diagram.move(now.frame, now.followed);
      picture.move(iis, stateOf(now), now.followed);
    },
    destroy() {
      diagram.destroy();
      picture.destroy();
      element.replaceChildren();
    },
  };
};

function rule({ rule: words, title, url }: (typeof SOURCES)[keyof typeof SOURCES]): HTMLLIElement {
  const entry = item(`${words} `);
  if (url && title) entry.append(link(url, title));
  else entry.append(Object.assign(document.createElement('em'), { textContent: 'The model takes this for granted.' }));
  return entry;
}

function link(url: string, title: string): HTMLAnchorElement {
  return Object.assign(document.createElement('a'), { href: url, textContent: title, rel: 'noreferrer' });
}

/** Everything that never changes. */
function markup(id: string): string {
  const number = (name: string, words: string): string => `<div><dt>${words}</dt><dd data-number="${name}">0</dd></div>`;
  return `<div class="iis" data-part="root" data-shows="model">
    <div class="iis-bar">
      <fieldset class="choice" data-part="toggle">
        <legend class="visually-hidden">What to show</legend>
        <label><input type="radio" name="${id}" value="run"><span>This run, IIS words</span></label>
        <label><input type="radio" name="${id}" value="model" checked><span>IIS model</span></label>
      </fieldset>
      <label class="iis-choice">Pool <select data-part="choice"></select></label>
    </div>
    <div class="iis-parts">
      <section class="iis-run" aria-label="This run in IIS words">
        <p class="iis-title iis-beside">This run, in IIS words</p>
        <div class="stage" data-part="run"></div>
      </section>
      <section class="iis-model" aria-label="Model of IIS">
        <p class="iis-title iis-beside">The same requests, sent to IIS</p>
        <div class="iis-stage"><div class="stage iis-picture" data-part="picture"></div><span class="truth" data-truth="model">model</span></div>
        <dl class="iis-numbers">${number('waiting', 'in queue')}${number('running', 'running')}${number('done', 'done')}${number('refused', '503')}${number('lost', 'lost')}</dl>
        <p class="iis-title">What differs here</p>
        <ul class="iis-differences" data-part="differences"></ul>
        <ul class="visually-hidden" data-part="twin" aria-label="The model now"></ul>
        <details>
          <summary>applicationHost.config</summary>
          <label for="${id}-text" class="visually-hidden">applicationHost.config of the model</label>
          <p class="iis-problem" id="${id}-problem" data-part="problem" role="alert"></p>
          <textarea id="${id}-text" data-part="text" rows="16" wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="${id}-problem"></textarea>
          <ul class="iis-notes" data-part="notes" aria-label="Without effect"></ul>
          <button type="button" data-part="reset">Reset to the default pool</button>
        </details>
        <details>
          <summary>Where this comes from</summary>
          <ul class="iis-rules" data-part="rules"></ul>
        </details>
      </section>
    </div>
  </div>`;
}
