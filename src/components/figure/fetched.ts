/** Parts of the page that are fetched when they are asked for. */

/** Waits for a part from `import()`. Fails with words for the visitor when it does not come. */
export async function fetched<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new Error('This part of the page could not be loaded. Check the connection, then try again.');
  }
}
