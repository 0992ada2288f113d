/** Bundled by isolation.spec.ts: lets a test call in a page what the engine chooser calls. */
import * as isolation from '../../src/runtime/isolation.ts';

Object.assign(globalThis, { isolation });
