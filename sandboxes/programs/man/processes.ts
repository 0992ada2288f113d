/** What the commands about processes and their sockets have. */
import type { Page } from './page.ts';

export const PROCESSES: Readonly<Record<string, Page>> = {
  kill: {
    does: 'send a signal to processes',
    synopsis: ['kill [-SIGNAL] PID...', 'kill [-SIGNAL] %JOB', 'kill -l'],
    options: [
      ['-s SIGNAL', 'which one, TERM unless told'],
      ['-l', 'list the signals'],
      ['-9', 'KILL: ends it at once, it is not asked'],
      ['-HUP', 'many servers read their configuration again'],
      ['-STOP', 'stops it where it waits next: state T in ps; -TSTP, as Ctrl-Z sends it, can be handled'],
      ['-CONT', 'lets it go on'],
    ],
  },
  pkill: {
    does: 'send a signal to processes by name',
    synopsis: ['pkill [-SIGNAL] [OPTION...] PATTERN'],
    options: [
      ['-f', 'the pattern may match the whole command line'],
      ['-x', 'the whole name must match'],
      ['-i', 'capital or small'],
      ['-n', 'only the newest'],
      ['-o', 'only the oldest'],
      ['-P PID', 'only children of that process'],
      ['-u USER', 'only processes of that user'],
      ['-e', 'say what is killed'],
      ['-HUP', 'another signal than TERM, by name or number'],
    ],
    notes: 'PATTERN is an extended regular expression and matches any part of the name.',
  },
  ps: {
    does: 'list processes',
    synopsis: ['ps', 'ps aux', 'ps -ef', 'ps -o COLUMN,... [-C NAME | -p PID | --ppid PID]'],
    options: [
      ['-e', 'all of them'],
      ['-f', 'with parent and whole command'],
      ['-C NAME', 'by program'],
      ['-p PID', 'by process id'],
      ['--ppid PID', "by the parent's process id"],
      ['--forest', 'children below their parents'],
      ['-o COLUMN,...', 'pid, ppid, user, uid, tty, stat, start, stime, comm, args'],
    ],
    notes:
      'STAT: T stopped by a signal, R this ps, S all others; whether one computes now is not known. There are no columns for processor time and memory: a browser does not tell them.',
  },
  pstree: {
    does: 'draw processes as a tree',
    synopsis: ['pstree [-p] [-a] [-n] [-A] [PID]'],
    options: [
      ['-p', 'with process ids, and each process by itself'],
      ['-a', 'with arguments'],
      ['-c', 'equal ones each by itself'],
      ['-n', 'by process id, not by name'],
      ['-A', 'drawn with plain characters'],
    ],
    notes: 'Equal children are drawn once, with their number before them: 4*[uwsgi].',
  },
  ss: {
    does: 'list the sockets where somebody listens',
    synopsis: ['ss -l [-t] [-x] [-n] [-p]'],
    options: [
      ['-l', 'listening sockets, the only ones it has'],
      ['-t', 'TCP'],
      ['-x', 'Unix sockets'],
      ['-n', 'numbers instead of names'],
      ['-p', 'the processes that hold each'],
    ],
    notes: 'Recv-Q is how many connections wait in the queue now, Send-Q how many may.',
  },
  top: {
    does: 'show the processes, again and again',
    synopsis: ['top [-d SECONDS] [-n NUMBER]', 'top -b -n 1'],
    options: [
      ['-b', 'print one list after another, without a screen of its own'],
      ['-n NUMBER', 'print so many lists, one below the other'],
      ['-d SECONDS', 'wait so long between two, 3 unless told'],
    ],
    notes: 'q or Ctrl-C ends it. There are no columns for processor time and memory: a browser does not tell them.',
  },
};
