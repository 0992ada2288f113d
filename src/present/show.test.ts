import { expect, test, vi } from 'vitest';
import { elapsed, minutesSeconds, paceWords, planned } from './clock.ts';
import { HELP, type Place, wishOf } from './keys.ts';
import { type Message, openLink, type Peer } from './link.ts';
import { Pages, pageStarts } from './pages.ts';
import { moved, readShow, readWish, type Show } from './show.ts';
import { slideIn } from './slides.ts';

const press = (key: string, place: Place = 'stage', letters = true, more = {}) =>
  wishOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, place, letters);

test('on and back go through the pages of a slide, then to the slide beside it, and not beyond the ends', () => {
  expect(moved({ slide: 2, page: 0, pages: 2 }, 1, 5)).toEqual({ slide: 2, page: 1 });
  expect(moved({ slide: 2, page: 1, pages: 2 }, 1, 5)).toEqual({ slide: 3, page: 0 });
  expect(moved({ slide: 2, page: 0, pages: 2 }, -1, 5)).toEqual({ slide: 1, page: Number.POSITIVE_INFINITY });
  expect(moved({ slide: 4, page: 0, pages: 1 }, 1, 5)).toBeNull();
  expect(moved({ slide: 0, page: 0, pages: 1 }, -1, 5)).toBeNull();
});

test('a clicker works wherever the focus is, letters only on the stage and only when they are on', () => {
  for (const place of ['stage', 'button', 'picture', 'typing'] as const) {
    expect(press('PageDown', place, false)).toEqual({ do: 'next' });
    expect(press('PageUp', place, false)).toEqual({ do: 'back' });
    expect(press('F5', place, false)).toEqual({ do: 'fullscreen' });
  }
  expect(press('.')).toEqual({ do: 'blank' });
  expect(press('B')).toEqual({ do: 'blank' });
  expect(press('3')).toEqual({ do: 'scenario', n: 2 });
  expect(press('.', 'picture')).toBeNull();
  expect(press('b', 'typing')).toBeNull();
  expect(press('b', 'stage', false)).toBeNull();
  expect(press('3', 'stage', false)).toBeNull();
  expect(press('ArrowRight', 'stage', false)).toEqual({ do: 'next' });
  expect(press(' ', 'button')).toBeNull();
  expect(press('f', 'stage', true, { ctrlKey: true })).toBeNull();
});

test('every single key is in the help', () => {
  const told = HELP.flatMap(([keys]) => keys.split(/ or | and | to /));
  for (const key of '.bflhcsqvrp?1'.split('')) {
    expect(press(key), key).not.toBeNull();
    expect(told).toContain(key);
  }
});

test('an address means a slide by its number alone: whatever else stands in it is no slide', () => {
  expect(['#3', '#step-3', '#99'].map((hash) => slideIn(hash, 7))).toEqual([3, 3, 6]);
  expect(['', '#', '#room=No Room&key=abcXy7', '#card-3x'].map((hash) => slideIn(hash, 7))).toEqual([null, null, null, null]);
});

test('a wish of another window is looked at before it counts', () => {
  expect(readWish({ do: 'next', more: 1 })).toEqual({ do: 'next' });
  expect(readWish({ do: 'slide', to: 3 })).toEqual({ do: 'slide', to: 3 });
  for (const wrong of [null, 'next', {}, { do: 'slide', to: -1 }, { do: 'scenario', n: '1' }, { do: 'constructor' }])
    expect(readWish(wrong)).toBeNull();
});

test('what another window shows is looked at before it counts', () => {
  const show: Show = {
    rev: 3,
    lesson: 'gil',
    slide: 2,
    page: 0,
    pages: 1,
    blank: false,
    view: 'both',
    picture: 'recording',
    scenario: null,
    moment: { t: 5, playing: true, speed: 0.5 },
    room: { here: 2, following: 1, passed: { a: 1 }, trouble: '' },
  };
  expect(readShow({ ...show, more: 1 })).toEqual(show);
  expect(readShow({ ...show, moment: null, room: null, scenario: 1 })).toEqual({ ...show, moment: null, room: null, scenario: 1 });
  const wrong = [
    { slide: -1 },
    { view: 'all' },
    { blank: 1 },
    { picture: '' },
    { scenario: '1' },
    { moment: {} },
    { room: {} },
    { lesson: '..' },
  ];
  for (const one of [null, 1, {}, ...wrong.map((change) => ({ ...show, ...change }))]) expect(readShow(one)).toBeNull();
});

test('pages begin with a part of the text, and every line is on one of them', () => {
  expect(pageStarts(100, 90, [])).toEqual([0]);
  expect(pageStarts(100, 104, [50])).toEqual([0]);
  expect(pageStarts(100, 250, [0, 60, 90, 130, 170])).toEqual([0, 90, 150]);
  // one part that is longer than a page
  const long = pageStarts(100, 300, []);
  expect(long.length).toBeGreaterThan(3);
  expect(long.every((start, index) => index === 0 || start - (long[index - 1] ?? 0) <= 100)).toBe(true);
  expect(long.at(-1)).toBe(200);
  expect(pageStarts(0, 300, [])).toEqual([0]);
});

test('on the way to a page the pages before it do not count, and scrolling by hand does', () => {
  const scrollTo = vi.fn<(to: ScrollToOptions) => void>();
  const rect = { top: 0 };
  const area = Object.assign(new EventTarget(), {
    clientHeight: 100,
    scrollHeight: 250,
    scrollTop: 0,
    onscrollend: null,
    scrollTo,
    getBoundingClientRect: () => rect,
    querySelectorAll: () => [],
  });
  const scrolled = vi.fn<(page: number) => void>();
  const pages = new Pages(area as unknown as HTMLElement, scrolled);
  pages.measure();
  expect(pages.count).toBe(3);
  pages.go(2, true);
  area.scrollTop = 90;
  area.dispatchEvent(new Event('scroll'));
  expect(scrolled).not.toHaveBeenCalled();
  area.scrollTop = 150;
  area.dispatchEvent(new Event('scrollend'));
  area.scrollTop = 90;
  area.dispatchEvent(new Event('scroll'));
  expect(scrolled.mock.calls).toEqual([[2], [1]]);
});

test('the clock counts up, and down beyond nought', () => {
  expect(minutesSeconds(725_900)).toBe('12:05');
  expect(minutesSeconds(-90_000)).toBe('-1:30');
  expect(minutesSeconds(-400)).toBe('0:00');
  expect(elapsed({ since: null }, 5)).toBe(0);
  const notes = [
    { step: 1, minutes: 1 },
    { step: 2, minutes: 2 },
  ];
  expect([0, 1, 2, 3].map((slide) => planned(notes, slide))).toEqual([0, 0, 1, 3]);
  expect(paceWords(5.2 * 60_000, 1, 3)).toBe('2 min behind');
  expect(paceWords(0.5 * 60_000, 3, 4)).toBe('2 min ahead');
  expect(paceWords(2 * 60_000, 1, 3)).toBe('');
});

/** Two windows whose letters reach each other, as those of a page and of the one it has opened. */
function pair(channel: () => BroadcastChannel, origin = 'http://localhost') {
  const make = () => Object.assign(new EventTarget(), { opener: null as Peer | null });
  const [stage, speaker] = [make(), make()];
  const toSpeaker: Peer = {
    postMessage: (data: unknown) => speaker.dispatchEvent(Object.assign(new Event('message'), { data, origin, source: toStage })),
  };
  const toStage: Peer = {
    postMessage: (data: unknown) => stage.dispatchEvent(Object.assign(new Event('message'), { data, origin, source: toSpeaker })),
  };
  speaker.opener = toStage;
  const around = (window: typeof stage) => ({ channel, window, origin: 'http://localhost' }) as unknown as Parameters<typeof openLink>[2];
  return { stage: around(stage), speaker: around(speaker), toSpeaker };
}

const none = (): BroadcastChannel => {
  throw new Error('no storage here');
};

test('without a channel the windows still hear each other, by their opener', () => {
  const { stage, speaker, toSpeaker } = pair(none);
  const [atStage, atSpeaker] = [vi.fn<(message: Message) => void>(), vi.fn<(message: Message) => void>()];
  const one = openLink('gil', atStage, stage);
  one.join(toSpeaker);
  const other = openLink('gil', atSpeaker, speaker);
  other.send({ kind: 'hello' });
  one.send({ kind: 'show', show: 1 });
  expect(atStage.mock.calls).toEqual([[{ kind: 'hello' }]]);
  expect(atSpeaker.mock.calls).toEqual([[{ kind: 'show', show: 1 }]]);
});

test('a page of another site that has opened this one is not heard', () => {
  const { stage, speaker, toSpeaker } = pair(none, 'https://elsewhere.example');
  const heard = vi.fn<(message: Message) => void>();
  openLink('gil', heard, speaker);
  const opener = openLink('gil', () => {}, stage);
  opener.join(toSpeaker);
  opener.send({ kind: 'wish', wish: { do: 'next' } });
  expect(heard).not.toHaveBeenCalled();
});

test('a speaker’s window that a foreign page has opened tells it nothing: what it says is for this site alone', () => {
  const opener = { postMessage: vi.fn<(data: unknown, to: string) => void>() };
  const window = Object.assign(new EventTarget(), { opener });
  const around = { channel: none, window, origin: 'http://localhost' };
  const link = openLink('gil', () => {}, around as unknown as Parameters<typeof openLink>[2]);
  link.send({ kind: 'wish', wish: { do: 'next' } });
  expect(opener.postMessage.mock.calls.map(([, to]) => to)).toEqual(['http://localhost']);
});

test('a message that comes both ways is heard once, one about another lesson never', async () => {
  const channel = () => new BroadcastChannel('test');
  const { stage, speaker, toSpeaker } = pair(channel);
  const heard = vi.fn<(message: Message) => void>();
  const one = openLink('gil', () => {}, stage);
  one.join(toSpeaker);
  const other = openLink('gil', heard, speaker);
  const third = openLink('tls', heard, pair(channel).speaker);
  one.send({ kind: 'wish', wish: { do: 'next' } });
  one.send({ kind: 'wish', wish: { do: 'back' } });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(heard.mock.calls.map(([message]) => message)).toEqual([
    { kind: 'wish', wish: { do: 'next' } },
    { kind: 'wish', wish: { do: 'back' } },
  ]);
  for (const link of [one, other, third]) link.close();
});
