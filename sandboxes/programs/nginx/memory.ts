/**
 * What fork() would leave in a worker's memory. The sandbox has no fork: the master hands a worker the texts it read and
 * the worker reads them again, so both have the same configuration even if the files have changed since.
 */

export interface Memory {
  readonly role: 'worker' | 'daemon';
  /** Number of the worker, from 1. */
  readonly index: number;
  readonly path: string;
  readonly globals: string;
  readonly files: readonly (readonly [path: string, text: string])[];
  /** Certificates and keys. */
  readonly secrets: readonly (readonly [path: string, text: string])[];
}

/** Byte text goes through JSON unharmed: its characters are all below 256. */
export const freeze = (memory: Memory): Uint8Array => new TextEncoder().encode(JSON.stringify(memory));

export function thaw(image: Uint8Array): Memory {
  const value: unknown = JSON.parse(new TextDecoder().decode(image));
  if (!isMemory(value)) throw new Error('nginx: not a worker image');
  return value;
}

function isMemory(value: unknown): value is Memory {
  return typeof value === 'object' && value !== null && 'role' in value && 'files' in value && Array.isArray(value.files);
}
