import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LessonError, problemText, readLesson } from './lesson.ts';
import { checkLessons, folderProblems } from './lesson-content.ts';

/** A lesson in which all is well; the tests spoil it. */
const LESSON = `---
title: Which worker takes it?
surprise: Nobody picks the worker.
summary: Send one request, then eight at once, and find out why nobody hands out the work.
goal: Workers take requests by themselves.
lecture: { from: '2:20', to: '2:37' }
minutes: 8
start:
  - { program: uwsgi, args: ['--ini', /srv/shop/uwsgi.ini] }
requests: []
edit:
  - /srv/shop/uwsgi.ini
task: Let all be answered at once.
checks:
  - kind: config
    id: eight
    text: Eight workers
    path: /srv/shop/uwsgi.ini
    option: processes
    matches: ^8$
    hint: Change the line of processes.
    nudge: Look at the ini file.
    exact: Write eight in it.
solution:
  - restart: true
quiz:
  - question: Who?
    answers:
      - { text: I, right: true, why: Yes. }
      - { text: You, why: No. }
pairs:
  - id: pool
    python: { title: uwsgi.ini, sandbox: /srv/shop/uwsgi.ini, lang: ini, from: 'master =', to: 'processes' }
    iis: { title: host.config, file: host.config, lang: xml }
    links:
      - { python: processes = 8, iis: maxProcesses, same: close, note: As many as you say. }
sorts:
  - id: jobs
    question: Who does it?
    bins: [Nginx, Python]
    cards:
      - { text: Sends a file, bin: Nginx, why: It needs no code. }
      - { text: Fills a form, bin: Python, why: That takes code. }
facts:
  - { claim: It is as it is., by: measured, how: We looked. }
notes:
  - { step: 2, minutes: 1, say: Wait. }
card: { remember: [It is as it is., It stays as it was.], iis: The same under other names. }
---

Hello.

<Step n={1} title="One">
</Step>

<Step n={2} title="Two">

<Pair id="pool" />

<Sort id="jobs" />

</Step>
`;

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lesson-')), '07-one');
  put('index.mdx', LESSON);
  put('scenario.json', '[]');
  put('iis/host.config', '<add\n  maxProcesses="8" />\n');
  put('solution/srv/shop/uwsgi.ini', '[uwsgi]\nmaster = true\nprocesses = 8\n');
});
afterEach(() => rmSync(dirname(folder), { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Replaces what must be there. */
function spoil(what: string, by: string): void {
  expect(LESSON).toContain(what);
  put(
    'index.mdx',
    LESSON.replace(what, () => by),
  );
}

/** The problems without the folder. */
const problems = (): string[] => folderProblems(folder).map((problem) => problemText(problem).replaceAll(`${folder}/`, ''));

test('a lesson that is well', () => {
  expect(problems()).toEqual([]);
  const { slug, data, body, bodyLine } = readLesson(folder);
  expect({ slug, hint: data.checks[0]?.hint, body: body.slice(0, 8) }).toEqual({
    slug: 'one',
    hint: 'Change the line of processes.',
    body: '\nHello.\n',
  });
  expect(LESSON.split('\n')[bodyLine]).toBe('Hello.');
});

describe('the head', () => {
  test.each([
    ['hint: Change the line of processes.', 'hint: No', 'index.mdx:21: checks[0].hint: Too small: expected string to have >=10 characters'],
    ['    hint: Change the line of processes.\n', '', 'index.mdx:15: checks[0].hint: is missing, it must be string'],
    ['option: processes', 'optoin: processes', 'index.mdx:19: checks[0].optoin: there is no such field'],
    ['kind: config', 'kind: ini', 'index.mdx:15: checks[0].kind: "ini" is none of what can stand here'],
    ['minutes: 8', 'minutes: eight', 'index.mdx:7: minutes: Invalid input: expected number, received string'],
    ['matches: ^8$', "matches: '^(8$'", 'index.mdx:20: checks[0].matches: Not a regular expression'],
    ['restart: true', 'restart: yes please', 'index.mdx:25: solution[0].restart: Invalid input: expected true'],
    ['- restart: true', '- { send: slow }', 'index.mdx:25: solution[0].send: Write an address as path and query, as /slow?ms=1000'],
    ['{ text: You, why: No. }', '{ text: You }', 'index.mdx:30: quiz[0].answers[1].why: is missing, it must be string'],
    ['right: true, ', '', 'index.mdx:27: quiz[0]: A question has exactly one right answer'],
    ['task: ', 'tasks: ', 'index.mdx:2: task: is missing, it must be string'],
    ['title: Which', 'title: [Which', 'index.mdx:3: not YAML: '],
    ['minutes: 8', 'minutes: 8\nminutes: 9', 'index.mdx:8: not YAML: Map keys must be unique'],
    ['---\ntitle', 'title', 'index.mdx:1: the head is missing'],
  ])('%j as %j', (what, by, message) => {
    spoil(what, by);
    expect(problems().join('\n')).toContain(message);
  });

  test('all problems of all lessons are said at once', () => {
    const other = join(dirname(folder), '08-two');
    cpSync(folder, other, { recursive: true });
    spoil('minutes: 8', 'minutes: 0');
    writeFileSync(join(other, 'index.mdx'), readFileSync(join(other, 'index.mdx'), 'utf8').replace('step: 2', 'step: 3'));
    expect(() => checkLessons([folder, other])).toThrow(LessonError);
    expect(() => checkLessons([folder, other])).toThrow(
      /07-one\/index\.mdx:7: minutes: .*\n.*08-two\/index\.mdx:47: there is no step 3, the last one is 2$/,
    );
  });
});

describe('what fits together', () => {
  test.each([
    ['n={2}', 'n={3}', 'index.mdx:56: this is step 2, not 3'],
    [' n={1}', '', 'index.mdx:53: a Step needs its number: n={…}'],
    ['step: 2', 'step: 3', 'index.mdx:47: there is no step 3, the last one is 2'],
    ['<Pair id="pool" />', '', 'index.mdx:32: the text has no <Pair id="pool" />'],
    ['<Pair id="pool" />', '<Pair id="pool" /><Pair id="pol" />', 'index.mdx:58: nothing in pairs has the id pol'],
    ['<Pair id="pool" />', '<Pair id="pool" /><Pair id="pool" />', 'index.mdx:58: <Pair id="pool" /> stands in the text already'],
    ['<Sort id="jobs" />', '', 'index.mdx:38: the text has no <Sort id="jobs" />'],
    ['<Sort id="jobs" />', '<Sort id="jobs" /><Sort id="job" />', 'index.mdx:60: nothing in sorts has the id job'],
    ['<Sort id="jobs" />', '<Sort id="jobs" />\n<Sort id="jobs" />', 'index.mdx:61: <Sort id="jobs" /> stands in the text already'],
    ['python: processes = 8', 'python: processes = 4', 'index.mdx:36: no line that is shown has the text: processes = 4'],
    ['python: processes = 8', "python: ' = '", 'index.mdx:36: lines 1 and 2 of what is shown have the text:  = '],
    ['iis: maxProcesses', 'iis: minProcesses', 'index.mdx:36: no line that is shown has the text: minProcesses'],
    ['file: host.config', 'file: host.xml', 'index.mdx:34: there is none of iis/host.xml'],
    [
      'sandbox: /srv/shop/uwsgi.ini,',
      'sandbox: /srv/none.ini,',
      'index.mdx:33: there is none of solution/srv/none.ini, files/srv/none.ini, sandboxes/server/srv/none.ini',
    ],
    ['file: host.config, ', '', 'index.mdx:34: give either sandbox or file'],
    ["from: 'master ='", "from: 'masters ='", 'index.mdx:33: solution/srv/shop/uwsgi.ini: no line has the text of from: masters ='],
    ["to: 'processes'", "to: 'plugin'", 'index.mdx:33: solution/srv/shop/uwsgi.ini: no line from there on has the text of to: plugin'],
    [
      '  - /srv/shop/uwsgi.ini\ntask',
      '  - /srv/shop/none.ini\ntask',
      'index.mdx:12: there is no file /srv/shop/none.ini, neither in files/ or solution/ nor in sandboxes/server',
    ],
    ['program: uwsgi', 'program: apache', 'index.mdx:9: the sandbox has no program apache'],
  ])('%j as %j', (what, by, message) => {
    spoil(what, by);
    expect(problems()).toEqual([message]);
  });

  test('a side that shows the start does not see the solution', () => {
    spoil('/srv/shop/uwsgi.ini, lang', '/srv/shop/uwsgi.ini, start: true, lang');
    expect(problems()).toEqual(['index.mdx:36: no line that is shown has the text: processes = 8']);
  });

  test('a lesson without a scenario cannot be recorded', () => {
    rmSync(join(folder, 'scenario.json'));
    expect(problems()).toEqual(['scenario.json:1: is missing: the figure needs a scenario to record']);
  });
});

describe('a capstone', () => {
  const ANSWERS = `answers:
  - { id: first, title: The first, right: Because it is., costs: Next to nothing., iis: Just the same. }
  - { id: second, title: The second, right: Because it is., costs: Next to nothing., iis: Just the same. }
wrong:
  - { id: none, title: None of it, why: It is not enough., fails: eight, says: enough }
quiz:`;
  const LECTURE = "lecture: { from: '2:20', to: '2:37' }\n";

  beforeEach(() => {
    put('index.mdx', LESSON.replace(LECTURE, '').replace('quiz:', ANSWERS));
    put('answers/second/srv/shop/uwsgi.ini', '[uwsgi]\n');
    put('wrong/none/srv/shop/uwsgi.ini', '[uwsgi]\n');
  });

  test('has no lecture but several answers, each in a folder, but for the solution', () => {
    expect(problems()).toEqual([]);
    spoil(LECTURE, '');
    expect(problems().join('\n')).toContain('lecture is missing; only a capstone');
    spoil('quiz:', ANSWERS);
    expect(problems().join('\n')).toContain('only a capstone has answers');
  });

  test('every answer and every folder has its counterpart', () => {
    put('answers/first/srv/shop/uwsgi.ini', '[uwsgi]\n');
    put('answers/third/srv/shop/uwsgi.ini', '[uwsgi]\n');
    expect(problems().join('\n')).toContain('one answer is solution/ and has no folder in answers/; here that is so of 0');
    expect(problems().join('\n')).toContain('nothing here has the id of the folder answers/third');
  });

  test('what is wrong fails a check, by its files or by what is done', () => {
    rmSync(join(folder, 'wrong'), { recursive: true });
    put('index.mdx', LESSON.replace(LECTURE, '').replace('quiz:', ANSWERS.replace('fails: eight', 'fails: nine')));
    expect(problems().join('\n')).toContain('there is no check nine');
    expect(problems().join('\n')).toContain('has neither steps nor the folder wrong/none');
  });
});
