/**
 * What a sandbox's files differ in from those it was started with: the learner's whole work, however it was made (the editor, the
 * shell, a program). It is kept in the browser, carried by a link and packed into a zip.
 */

export type Changed =
  | { readonly kind: 'file'; readonly data: Uint8Array; readonly mode: number; readonly uid: number; readonly gid: number }
  | { readonly kind: 'folder'; readonly mode: number; readonly uid: number; readonly gid: number }
  /** A symbolic link. */
  | { readonly kind: 'link'; readonly target: string };

/** By absolute path. Null: it was there at the start and is no more. */
export type Changes = Readonly<Record<string, Changed | null>>;
