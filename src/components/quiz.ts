/** The questions of Quiz.astro: an answer is kept with the progress, and one of an earlier visit is shown. */
import { progress } from '../progress/index.ts';

for (const fieldset of document.querySelectorAll<HTMLFieldSetElement>('.question')) {
  const slug = fieldset.dataset['slug'] ?? '';
  const question = Number(fieldset.dataset['question']);
  const radios = [...fieldset.querySelectorAll<HTMLInputElement>('input')];
  const answered = (radio: HTMLInputElement) =>
    progress.quizAnswered(slug, question, radios.indexOf(radio), radio.dataset['right'] !== undefined);
  const show = () => {
    const chosen = progress.lesson(slug).answers[question]?.chosen;
    for (const [n, radio] of radios.entries()) radio.checked = n === chosen;
  };

  // an answer given before this script had come counts more than one of an earlier visit
  const early = radios.find((radio) => radio.checked);
  if (early) answered(early);
  show();
  progress.subscribe(show);
  fieldset.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) answered(target);
  });
}
