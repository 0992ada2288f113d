/** Which Python packages this build carries, as the build has found it. */
import generated from './generated/wheels.json';

export interface Wheel {
  /** The set it belongs to: what is fetched together. */
  readonly set: string;
  readonly name: string;
  readonly version: string;
  /** Its name in the sandbox's wheelhouse. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What of the original it has not; null when it is the original. */
  readonly without: string | null;
}

export interface WheelManifest<W extends Wheel = Wheel> {
  /** Versions of CPython and of Pyodide. */
  readonly python: string;
  readonly pyodide: string;
  readonly wheels: readonly W[];
  /** Why there are none; null when there are. */
  readonly missing: string | null;
}

/** A wheel with its address below the site's root. */
export interface PublishedWheel extends Wheel {
  readonly address: string;
}

export const manifest: WheelManifest<PublishedWheel> = generated;
