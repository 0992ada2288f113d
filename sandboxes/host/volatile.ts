/** What programs make anew at every start, or write all the time: nobody's work. */
const VOLATILE = ['/proc', '/sys', '/dev', '/run', '/tmp', '/var/log', '/var/cache'].map((folder) => `${folder}/`);

export function isVolatile(path: string): boolean {
  const inside = `${path}/`;
  return VOLATILE.some((folder) => inside.startsWith(folder)) || inside.includes('/__pycache__/');
}
