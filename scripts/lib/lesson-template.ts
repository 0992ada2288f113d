/** The folder of a new lesson: complete, so that site, checks and recording work at once, with TODO where its author has to write. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { lesson } from '../../src/lesson/format.ts';
import { lessonFolders } from './lesson.ts';
import { at } from './paths.ts';

/** What was asked for cannot be made; the message says why and how it should be. */
export class NewLessonError extends Error {}

/** Makes the folder and returns its path. Errors: NewLessonError. */
export function makeLesson(lessons: string, number: string, slug: string, title: string): string {
  if (!/^\d\d$/.test(number)) throw new NewLessonError(`The number has two digits, as in 05, not ${number}.`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug))
    throw new NewLessonError(
      `The slug is the lesson's address: lower case letters, digits and single hyphens, as in one-master, not ${slug}.`,
    );
  const wrong = lesson.shape.title.safeParse(title).error?.issues[0]?.message;
  if (wrong !== undefined) throw new NewLessonError(`The title cannot be ${JSON.stringify(title)}: ${wrong}.`);
  for (const name of lessonFolders(lessons).map((folder) => basename(folder))) {
    if (name.startsWith(`${number}-`)) throw new NewLessonError(`There is a lesson with the number ${number}: ${name}.`);
    if (name.replace(/^\d+-/, '') === slug) throw new NewLessonError(`There is a lesson with the slug ${slug}: ${name}.`);
  }
  const folder = join(lessons, `${number}-${slug}`);
  if (existsSync(folder)) throw new NewLessonError(`${folder} is there already.`);
  for (const [file, text] of Object.entries(filesOf(title))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

function filesOf(title: string): Record<string, string> {
  const ini = readFileSync(at('sandboxes/server/srv/shop/uwsgi.ini'), 'utf8');
  return {
    'index.mdx': index(title),
    'solution/srv/shop/uwsgi.ini': ini.replace(/^processes = .*$/m, 'processes = 2'),
    'iis/applicationHost.config': IIS,
    'scenario.json': SCENARIO,
  };
}

const SCENARIO = `[
  { "send": "/", "count": 1 },
  { "wait": 500 },
  { "send": "/slow?ms=500", "count": 4 },
  { "wait": 1500 }
]
`;

const IIS = `<configuration>
  <system.applicationHost>
    <applicationPools>
      <add name="shop">
        <processModel maxProcesses="2" />
      </add>
    </applicationPools>
  </system.applicationHost>
</configuration>
`;

const index = (title: string): string => `---
title: ${stringify(title).trim()}
surprise: TODO the surprising fact, one short sentence.
summary: TODO what the learner does and finds out, in 50 to 170 characters, for the list of lessons.
goal: TODO what the learner can say afterwards that they could not before.
lecture:
  from: '0:00'
  to: '0:30'
minutes: 5
start:
  - program: uwsgi
    args: ['--ini', /srv/shop/uwsgi.ini]
  - program: nginx
    args: ['-g', 'daemon off;']
requests:
  - { label: Send a request, url: /, count: 1 }
edit:
  - /srv/shop/uwsgi.ini
task: TODO what the learner shall bring about, in one or two sentences.
checks:
  - kind: config
    id: two-workers
    text: TODO uwsgi.ini asks for two workers
    path: /srv/shop/uwsgi.ini
    option: processes
    matches: ^2$
    nudge: TODO Where to look, and nothing more.
    hint: TODO What is wrong when no hint below fits.
    exact: TODO Write \`processes = 2\` in /srv/shop/uwsgi.ini.
    hints:
      - { when: '^2 .', say: 'TODO The whole rest of the line is the value. Leave only the number.' }
  - kind: http
    id: still-answers
    text: The shop answers
    url: /
    status: 200
    keeps: true
    nudge: TODO Look at the server log in the Terminal tab.
    hint: TODO The last lines of the server log say what is wrong.
    exact: TODO Put back what you changed, then press Restart servers.
    hints:
      - { when: '^0 .*refused', say: 'TODO Nginx does not run.', exact: 'TODO Type \`nginx -t\` in the terminal, then press Restart servers.' }
solution:
  - restart: true
quiz:
  - question: TODO one question about the one idea of the lesson?
    answers:
      - text: TODO the right answer.
        right: true
        why: TODO why it is right.
      - text: TODO a wrong answer that a learner may believe.
        why: TODO why it is wrong.
    run: { send: /, look: 'TODO Where to look after the learner has chosen. Leave out run where there is nothing to try.' }
pairs:
  - id: pool
    python: { title: uwsgi.ini, sandbox: /srv/shop/uwsgi.ini, lang: ini, from: 'master =', to: 'processes =' }
    iis: { title: applicationHost.config, file: applicationHost.config, lang: xml }
    links:
      - python: processes = 2
        iis: maxProcesses="2"
        same: close
        note: TODO the difference, or why there is none.
card:
  remember:
    - TODO what stays when the rest is forgotten.
    - TODO another sentence of that kind.
  iis: TODO the same in the words of IIS, and where it differs.
facts:
  - claim: TODO what the lesson says, in words of our own.
    by: measured
    how: TODO what was measured, on what; or by documented, with its url.
notes:
  - { step: 1, minutes: 1, say: TODO what to say or show or ask. }
---

TODO Begin with what a .NET developer knows.

<Step n={1} title="TODO What the learner does first">

<Do send="/">Send a request</Do>

TODO What there is to see, and what it means.

</Step>

<Step n={2} title="IIS, side by side">

<Pair id="pool" />

TODO Where the analogy breaks.

</Step>
`;
