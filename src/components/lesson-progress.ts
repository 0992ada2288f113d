/**
 * How far the reader of a lesson is: fills the stations of the steps that were read, counts them in the bar, offers to go on where
 * somebody stopped, copies links to steps. A step is read when its end has come up to the upper half of the window by scrolling
 * (jumping over it does not count), or when something was done in it.
 */
import { progress } from '../progress/index.ts';
import { pressAgain } from './early.ts';

const steps = [...document.querySelectorAll<HTMLElement>('.step')];
const slug = document.querySelector<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? '';
const numberOf = (step: Element) => Number(step.id.replace('step-', ''));

function showProgress(): void {
  const { steps: read } = progress.lesson(slug);
  for (const step of steps) {
    const isRead = read.includes(numberOf(step));
    step.toggleAttribute('data-read', isRead);
    step.querySelector('.station')?.setAttribute('aria-label', `Link to step ${numberOf(step)}${isRead ? ', read' : ''}`);
  }
  const count = steps.filter((step) => step.hasAttribute('data-read')).length;
  const bar = document.querySelector<HTMLElement>('.steps-read');
  const number = bar?.querySelector('.count');
  if (number) number.textContent = String(count);
  bar?.style.setProperty('--part', String(count / steps.length));
}

/** Begins to watch when the page is first scrolled: what the window showed by itself was not read yet. */
function watchReading(): void {
  // what is hidden under the bar and the pinned picture has not come up there
  const covered = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const step = isIntersecting && target.closest('.step');
        if (!step) continue;
        progress.stepRead(slug, numberOf(step));
        observer.unobserve(target);
      }
    },
    { rootMargin: `-${Math.round(covered)}px 0px -${Math.round(Math.max(0, innerHeight - covered) * 0.4)}px` },
  );
  for (const end of document.querySelectorAll('.step > .end')) observer.observe(end);
}

/** The step after the last one that was read, else one that was left out. */
function nextStep(): HTMLElement | undefined {
  const last = steps.findLastIndex((step) => step.hasAttribute('data-read'));
  return last < 0 ? undefined : (steps[last + 1] ?? steps.find((step) => !step.hasAttribute('data-read')));
}

/** A small offer at the window's edge, for somebody who comes back to the top of a lesson that was begun. */
function offerToGoOn(): void {
  const offer = document.querySelector<HTMLElement>('.go-on');
  const link = offer?.querySelector('a');
  const step = nextStep();
  if (!offer || !link || !step || location.hash || scrollY > 0) return;
  link.textContent = `Go on at step ${numberOf(step)}`;
  link.hash = step.id;
  offer.hidden = false;
  const end = () => {
    offer.hidden = true;
    arrived.disconnect();
  };
  // once the reader is there, the offer has nothing to say
  const arrived = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) end();
  });
  arrived.observe(step);
  // who reads on from the top does not want it
  const readsOn = () => {
    if (scrollY < innerHeight / 2) return;
    end();
    document.removeEventListener('scroll', readsOn);
  };
  document.addEventListener('scroll', readsOn, { passive: true });
  offer.addEventListener('click', end);
  progress.subscribe(() => {
    if (!progress.lesson(slug).steps.length) end();
  });
}

async function copyLink(button: HTMLElement): Promise<void> {
  const address = new URL(`#step-${button.dataset['step']}`, location.href);
  const said = await navigator.clipboard?.writeText(address.href).then(
    () => 'Link copied',
    () => undefined,
  );
  // a frame may not reach the clipboard; then the link can be taken from the address bar
  if (!said) location.hash = address.hash;
  tell(button, said ?? 'The link is in the address bar');
}

/** Says it beside the button until the reader turns to something else, and to those who listen. */
function tell(button: HTMLElement, text: string): void {
  const note = button.querySelector('.copied');
  const status = document.querySelector('.steps-read [role="status"]');
  if (note) note.textContent = text;
  if (status) status.textContent = text;
  const end = () => {
    if (note) note.textContent = '';
    if (status) status.textContent = '';
  };
  for (const type of ['blur', 'pointerleave']) button.addEventListener(type, end, { once: true });
}

showProgress();
progress.subscribe(showProgress);
offerToGoOn();
document.addEventListener('scroll', watchReading, { once: true, passive: true });
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const copy = target.closest<HTMLElement>('.copy-link');
  if (copy) void copyLink(copy);
  const step = target.closest('.do button')?.closest('.step');
  if (step) progress.stepRead(slug, numberOf(step));
});
pressAgain('.copy-link');
