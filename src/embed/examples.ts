/** The examples: each is a file in examples/, shown as it is, and run as it is, with the site's address in place of `https://SITE/`. Runs at build time only. */
import docs from './examples/docs.md?raw';
import lms from './examples/lms.html?raw';
import plain from './examples/plain.html?raw';
import slides from './examples/slides.html?raw';

export const PLACE = 'https://SITE/';

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** As an author writes it. */
  readonly text: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    name: 'plain',
    title: 'A page of your own',
    about:
      'The element, and a script that keeps the learner’s progress with your page and shows it. Turn a page of the lesson and reload: it goes on there.',
    text: plain,
  },
  {
    name: 'slides',
    title: 'reveal.js',
    about:
      'The picture plays when its slide comes and stops when it goes. Click into the picture, then press the right arrow or a clicker: the slides go on.',
    text: slides,
  },
  {
    name: 'docs',
    title: 'Markdown documentation',
    about:
      'Every generator that leaves HTML in Markdown alone takes it: MkDocs, Hugo, Docusaurus, Starlight. Where it is stripped, as on GitHub, the link is left.',
    text: docs,
  },
  {
    name: 'lms',
    title: 'A learning platform',
    about:
      'Paste it into the HTML view of a page’s editor. No script is needed. Canvas gives the frame the height that the lesson tells; others keep the one you wrote.',
    text: lms,
  },
];
