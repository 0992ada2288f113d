/** The buttons of TourOffer.astro. */
import { pressAgain } from './early.ts';
import { rememberTour } from './remember-tour.ts';

const offer = document.querySelector<HTMLElement>('.tour-offer');
const take = offer?.querySelector<HTMLButtonElement>('.take');

take?.addEventListener('click', async () => {
  try {
    const { lookRound } = await import('../workspace/tour/tour.ts');
    rememberTour('seen');
    lookRound(take);
  } catch {
    say('The look round could not be loaded. Check the connection, then press ? and choose it there.');
  }
});
offer?.querySelector('.leave')?.addEventListener('click', () => {
  rememberTour('declined');
  say('It waits in the list of keys: press ?.');
});

/** In place of the buttons; what was pressed is gone, so the focus is on the line. */
function say(text: string): void {
  if (!offer) return;
  offer.textContent = text;
  offer.classList.add('soft');
  offer.focus();
}

pressAgain('.tour-offer button');
