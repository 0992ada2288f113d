/** The button of ThemeSwitch.astro. */
import { inBrowser } from '../storage.ts';

const button = document.querySelector<HTMLButtonElement>('button.theme');
const label = button?.querySelector('span');
const night = matchMedia('(prefers-color-scheme: dark)');
const current = () => document.documentElement.dataset['theme'] ?? (night.matches ? 'dark' : 'light');
const other = () => (current() === 'dark' ? 'light' : 'dark');

function describe(): void {
  if (label) label.textContent = `Switch to the ${other()} theme`;
}

button?.addEventListener('click', () => {
  const theme = other();
  document.documentElement.dataset['theme'] = theme;
  inBrowser.keep('ftr:theme', theme);
  describe();
});
night.addEventListener('change', describe);
describe();
if (button) button.hidden = false;
