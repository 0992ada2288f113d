/** The presenter's key: it goes through the fragment of an address and a header, and comes out as it was. */
import { randomBytes } from 'node:crypto';

const SHORTEST = 16;

/** The key that was given, or a new one. Errors: one that is too short, or has what a header cannot carry. */
export function keyFrom(given: string | undefined): string {
  const key = given ?? randomBytes(SHORTEST).toString('base64url');
  if (key.length < SHORTEST) throw new Error(`CLASSROOM_KEY is too short to be a secret: ${SHORTEST} characters at least.`);
  if (!/^[!-~]+$/.test(key)) throw new Error('CLASSROOM_KEY is of plain letters, digits and signs (ASCII), without spaces.');
  return key;
}

/** The teacher's address below the site's, with the key where no server sees it. */
export const stageWith = (room: string, key: string): string => `present/#room=${room}&key=${encodeURIComponent(key)}`;
