/**
 * A lesson's files laid over the server's tree. What is not to be there is named as in a layer of a container image: an empty file
 * `.wh.NAME` says that NAME, beside it, is gone, with all that lies below it.
 */
const WHITEOUT = /^(.*\/)\.wh\.([^/]+)$/;

/** Files by their path; `over` wins. Neither is changed. */
export function laidOver<T>(under: Readonly<Record<string, T>>, over: Readonly<Record<string, T>>): Record<string, T> {
  const gone = Object.keys(over).flatMap((path) => {
    const [, folder = '', name] = WHITEOUT.exec(path) ?? [];
    return name === undefined ? [] : [folder + name];
  });
  const stays = ([path]: [string, T]): boolean => !gone.some((one) => path === one || path.startsWith(`${one}/`));
  const own = Object.entries(over).filter(([path]) => !WHITEOUT.test(path));
  return Object.fromEntries([...Object.entries(under).filter(stays), ...own]);
}
