/** Programs the shell tells about in `help` (the registry imports the shell, so the shell cannot import the registry). */
export const programs: readonly string[] =
  'cat cp curl grep kill ls mkdir mv nginx openssl pip ps python3 rm sh ss tail touch uwsgi uwsgitop'.split(' ');
