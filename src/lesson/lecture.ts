/** The lecture that the course follows: where it is, what it says when, and which lesson takes that up. Its times stand here, a lesson's own at its head. */

export const LECTURE = {
  title: 'Concept: Web server architecture',
  chapter: 'Deploying Python web apps',
  course: 'Python for .NET Developers',
  by: 'Talk Python Training',
  /** The course's page, and the page with the lecture's words; to see the video you need the course. */
  coursePage: 'https://training.talkpython.fm/courses/python-for-csharp-dotnet-developers',
  transcript: 'https://training.talkpython.fm/courses/transcript/python-for-dotnet-developers/lecture/221205',
} as const;

export interface Point {
  /** Minutes and seconds, `2:20`. */
  readonly from: string;
  readonly to: string;
  /** What it is about, in words of ours. */
  readonly says: string;
  /** Numbers of the lessons that take it up. */
  readonly lessons: readonly number[];
}

export const POINTS: readonly Point[] = [
  {
    from: '0:00',
    to: '0:18',
    says: 'An overview before anything is installed: an Ubuntu machine, run by ourselves, one option of several.',
    lessons: [1],
  },
  {
    from: '0:18',
    to: '0:24',
    says: 'Why this one: it leaves most choices open. Next question: which software, and how do the parts fit?',
    lessons: [1],
  },
  {
    from: '0:24',
    to: '0:43',
    says: 'The first of two web servers, Nginx: free, for traffic, files and encryption, but not for Python.',
    lessons: [2],
  },
  { from: '0:43', to: '0:59', says: 'The second one, uWSGI: what its name means, and the gateway interface in it.', lessons: [3] },
  { from: '0:59', to: '1:07', says: 'It hosts any WSGI app, whether Flask, Django or Pyramid.', lessons: [3] },
  { from: '1:07', to: '1:14', says: 'Ways to serve more visitors: a bigger machine, or several with a balancer in front.', lessons: [4] },
  {
    from: '1:14',
    to: '1:30',
    says: 'And on one machine: a uWSGI in front of several small ones, in which the Python code runs.',
    lessons: [4, 5],
  },
  { from: '1:30', to: '1:45', says: 'Worker processes with a copy of the app each, and how they get round the GIL.', lessons: [5, 6] },
  { from: '1:45', to: '1:52', says: 'When one gets stuck, locks up or runs out of memory, the others carry on.', lessons: [7] },
  { from: '1:52', to: '2:07', says: 'A request over HTTPS: the world sees only Nginx, and encryption ends there.', lessons: [8] },
  { from: '2:07', to: '2:12', says: 'Static files are answered there as well, without Python.', lessons: [9] },
  { from: '2:12', to: '2:20', says: 'What needs the app is handed on, over HTTP or a socket of the machine.', lessons: [10] },
  {
    from: '2:20',
    to: '2:37',
    says: 'One of the workers that are free takes it, several work side by side, and that is the whole picture.',
    lessons: [11],
  },
  { from: '2:37', to: '2:46', says: 'Four things have to be set up.', lessons: [12] },
  {
    from: '2:46',
    to: '2:59',
    says: 'In reverse order: what the app needs, the code, uWSGI on this machine only, and Nginx.',
    lessons: [12, 13],
  },
  { from: '2:59', to: '3:05', says: 'Nginx closes the gap to the visitor, over loopback or a socket.', lessons: [13] },
  {
    from: '3:05',
    to: '3:22',
    says: 'So different from IIS it is not: files in front, worker processes behind, several of them if you like.',
    lessons: [14],
  },
  { from: '3:22', to: '3:30', says: 'Nginx has the part of IIS, and uWSGI that of the ASP.NET worker processes.', lessons: [14] },
];

/** `2:20` is 140. */
export function secondsOf(time: string): number {
  const [minutes = 0, seconds = 0] = time.split(':').map(Number);
  return minutes * 60 + seconds;
}

/** Id of a point on the lecture's page. */
export const pointId = (from: string): string => `at-${from.replace(':', '-')}`;

/** The point that is on at a time. */
export function pointAt(time: string): Point {
  const at = secondsOf(time);
  const point = POINTS.findLast(({ from }) => secondsOf(from) <= at);
  if (!point) throw new Error(`The lecture has no ${time}`);
  return point;
}

/**
 * Where a time of the lecture leads: into the video, when the build was given its address, else to the lecture's own page.
 * In that address `{seconds}` is the place for the time; without it the time is a fragment, as browsers understand it for videos.
 * Throws when the address is none.
 */
export function lectureLink(time: string, base: string, video: string | undefined): string {
  if (!video) return `${base}lecture/#${pointId(pointAt(time).from)}`;
  const seconds = String(secondsOf(time));
  const address = video.includes('{seconds}') ? video.replaceAll('{seconds}', seconds) : `${video}#t=${seconds}`;
  if (!/^https?:\/\/[^\s#]+(#[^\s#]+)?$/.test(address))
    throw new Error(`PUBLIC_LECTURE_URL is "${video}"; it is the address of a video, with a place {seconds} or without a fragment.`);
  return address;
}
