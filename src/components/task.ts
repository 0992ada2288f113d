/** The button of Task.astro. */

document.querySelector('.open-checks button')?.addEventListener('click', () => window.dispatchEvent(new CustomEvent('ftr:checks')));
