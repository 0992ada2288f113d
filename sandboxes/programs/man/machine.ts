/** What the commands about the machine and its users have. */
import type { Page } from './page.ts';

export const MACHINE: Readonly<Record<string, Page>> = {
  apt: {
    does: 'install packages',
    synopsis: ['apt install PACKAGE...', 'apt list', 'apt update'],
    options: [],
    notes:
      'There is no network here, so nothing can be installed. apt says which packages are there already, and what it does on a server.',
  },
  env: {
    does: 'print the environment, or run a command in another one',
    synopsis: ['env [-i] [-u NAME] [NAME=VALUE...] [COMMAND [ARGUMENT...]]'],
    options: [
      ['-i, --ignore-environment', 'begin with nothing'],
      ['-u, --unset NAME', 'leave this one out'],
    ],
  },
  id: {
    does: 'say who you are',
    synopsis: ['id [-u | -g | -G] [-n] [USER...]'],
    options: [
      ['-u, --user', "only the user's number"],
      ['-g, --group', "only the group's number"],
      ['-G, --groups', 'the numbers of all groups'],
      ['-n, --name', 'names instead of numbers'],
    ],
  },
  man: { does: 'show what a command has in this sandbox', synopsis: ['man COMMAND'], options: [] },
  nano: {
    does: 'edit a file',
    synopsis: ['nano FILE'],
    options: [],
    notes: 'The editor of this page is its Files tab. nano opens the file there; vi does the same.',
  },
  sudo: {
    does: 'run a command as root, or as another user',
    synopsis: ['sudo COMMAND [ARGUMENT...]', 'sudo -u USER COMMAND [ARGUMENT...]'],
    options: [
      ['-u USER', 'as this user, for example www-data'],
      ['-l', 'say what you may do'],
    ],
    notes: 'You are root in this terminal and may do everything, so sudo changes nothing. On your own server it will.',
  },
  uname: {
    does: 'name the system',
    synopsis: ['uname [-a] [-s] [-n] [-r] [-v] [-m] [-o]'],
    options: [
      ['-a, --all', 'all of it'],
      ['-s', 'the kernel'],
      ['-n', "the machine's name"],
      ['-r', "the kernel's release"],
      ['-v', "the kernel's version"],
      ['-m', 'the processor'],
      ['-o', 'the operating system'],
    ],
    notes: 'No Linux runs here: programs of this site imitate one, and uname says so.',
  },
  which: { does: 'say where a command is', synopsis: ['which [-a] COMMAND...'], options: [['-a', 'every place, not only the first']] },
};
