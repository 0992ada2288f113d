/** A sentence of a lesson's data: what stands between backticks is code. */

export interface Piece {
  readonly text: string;
  readonly code: boolean;
}

export function pieces(text: string): Piece[] {
  return text.split('`').flatMap((part, index) => (part === '' ? [] : [{ text: part, code: index % 2 === 1 }]));
}
