/** Programs the shell tells about in `help` (the registry imports the shell, so the shell cannot import the registry). */
export const programs: readonly string[] = ['cat', 'curl', 'kill', 'ls', 'nginx', 'ps', 'sh', 'uwsgi'];
