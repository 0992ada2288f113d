/** A body's pieces as they come, in every browser: Safari's streams cannot be iterated by themselves. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = body.getReader();
  for (let next = await pieces.read(); !next.done; next = await pieces.read()) yield next.value;
}
