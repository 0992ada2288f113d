/** Requests in words, before their address: "4 requests at once to". */
export function requestsTo({ count, inTurn }: { readonly count: number; readonly inTurn: boolean }): string {
  if (count === 1) return 'a request to';
  return `${count} requests ${inTurn ? 'one after another' : 'at once'} to`;
}
