/** The machine: Ubuntu, its files, systemd. */
import type { Term } from './term.ts';

export const MACHINE_TERMS: readonly Term[] = [
  {
    id: 'apt',
    term: 'apt',
    says: 'The program that installs, updates and removes software on Debian and Ubuntu.',
    iis: 'Turning on roles and features of Windows Server.',
    source: 'https://manpages.debian.org/bookworm/apt/apt.8.en.html',
  },
  {
    id: 'environment-variable',
    term: 'environment variable',
    forms: ['environment variables'],
    says: 'A name and a value that a process is given when it starts, and passes on to those it starts.',
    iis: 'The same thing. A pool has environmentVariables for it, a unit file Environment.',
    source: 'https://manpages.debian.org/bookworm/manpages/environ.7.en.html',
  },
  {
    id: 'journal',
    term: 'journal',
    says: 'Where systemd keeps what services print. journalctl -u shop shows that of one service.',
    iis: 'The Event Log.',
    source: 'https://manpages.debian.org/bookworm/systemd/journalctl.1.en.html',
  },
  {
    id: 'mode',
    term: 'mode bits',
    forms: ['file mode'],
    says: 'Who may read, write and run a file: three rights each for its owner, its group and everybody else. 660 lets owner and group read and write.',
    iis: 'The access control list of a file, in nine bits.',
    source: 'https://manpages.debian.org/bookworm/coreutils/chmod.1.en.html',
  },
  {
    id: 'sudo',
    term: 'sudo',
    says: 'Runs one command as root, the user who may do everything.',
    iis: 'Run as administrator.',
    source: 'https://manpages.debian.org/bookworm/sudo/sudo.8.en.html',
  },
  {
    id: 'symlink',
    term: 'symbolic link',
    forms: ['symbolic links', 'symlink'],
    says: 'A file that is only the path of another one. A site in sites-enabled is one that leads to sites-available.',
    iis: 'Windows has them too.',
    source: 'https://manpages.debian.org/bookworm/manpages/symlink.7.en.html',
  },
  {
    id: 'systemd',
    term: 'systemd',
    says: 'The first process of most Linux systems. It starts the servers when the machine starts, and again when they fail, as their unit files say.',
    iis: 'The Service Control Manager of Windows.',
    source: 'https://manpages.debian.org/bookworm/systemd/systemd.service.5.en.html',
  },
  {
    id: 'unit-file',
    term: 'unit file',
    forms: ['unit files'],
    says: 'A text file that tells systemd of a service: what to start, as whom, and what to do when it ends.',
    iis: 'The entry of a Windows service, with its recovery actions.',
    source: 'https://manpages.debian.org/bookworm/systemd/systemd.service.5.en.html',
  },
  {
    id: 'wsl',
    term: 'WSL',
    forms: ['WSL 2'],
    says: 'Windows Subsystem for Linux: a real Linux beside Windows, without a machine of its own. Good for following along.',
    iis: 'It runs on your Windows; the server is another matter.',
    source: 'https://learn.microsoft.com/windows/wsl/about',
  },
];
