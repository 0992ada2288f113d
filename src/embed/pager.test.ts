import { expect, test, vi } from 'vitest';
import { mountPager, type Page } from './pager.ts';

const window = new EventTarget();
vi.stubGlobal('window', window);

/** As much of an embed as the pager touches: three steps and two buttons, of which none ever has the focus, as in Safari. */
function embed() {
  const steps = [1, 2, 3].map((step) => ({
    id: `step-${step}`,
    hidden: false,
    matches: () => false,
    contains: (one: { of: number }) => one.of === step,
  }));
  const [back, next] = [1, 2].map(() => Object.assign(new EventTarget(), { disabled: false }));
  const bar = { hidden: false, querySelectorAll: () => [back, next], querySelector: () => null };
  const root = { dataset: {}, querySelector: () => bar, querySelectorAll: (which: string) => (which.includes('.step') ? steps : []) };
  return { root: root as unknown as HTMLElement, back, next };
}

test('says who has turned the page: the learner by the buttons and by links, or the host', () => {
  const { root, back, next } = embed();
  const turned: [now: number, before: number | undefined, byLearner: boolean][] = [];
  const onPage = (page: Page, before: Page | null, byLearner: boolean): void => void turned.push([page.index, before?.index, byLearner]);
  const pager = mountPager(root, { steps: true, turn: true, first: 1, lone: false, onPage });
  next?.dispatchEvent(new Event('click'));
  pager.go(3);
  back?.dispatchEvent(new Event('click'));
  vi.stubGlobal('location', { hash: '#a-line-of-step-1' });
  vi.stubGlobal('document', { getElementById: () => ({ of: 1, scrollIntoView() {} }) });
  window.dispatchEvent(new Event('hashchange'));
  expect(turned).toEqual([
    [1, undefined, false],
    [2, 1, true],
    [3, 2, false],
    [2, 3, true],
    [1, 2, true],
  ]);
});
