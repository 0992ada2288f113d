// Unit tests stand beside the code. `sandbox` are the suites that run programs as real processes on the Node host; `real` compares them with the real servers.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SANDBOX_SUITES = ['sandboxes/host/node/**/*.test.ts', '**/*.sandbox.test.ts'];
const REAL_SUITES = ['**/*.real.test.ts'];
const ALWAYS_EXCLUDED = ['**/node_modules/**', 'dist/**', 'dist.new/**', '.cache/**', 'e2e/**'];

export default defineConfig({
  test: {
    // Style sheets that code reads as text, for the picture as a file; the others are left out.
    css: { include: [/\.css\?raw$/] },
    // Many tests wait for processes: three files at once fit on two cores.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Of cases of one file that say they may run side by side: each may have several Pythons.
    maxConcurrency: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,sandboxes,scripts,lessons}/**/*.test.ts'],
          exclude: [...ALWAYS_EXCLUDED, ...SANDBOX_SUITES, ...REAL_SUITES],
          globalSetup: 'scripts/lib/vitest-python.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'sandbox',
          include: SANDBOX_SUITES,
          exclude: ALWAYS_EXCLUDED,
          globalSetup: 'scripts/lib/vitest-engine.ts',
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: REAL_SUITES,
          exclude: ALWAYS_EXCLUDED,
          globalSetup: 'scripts/lib/vitest-engine.ts',
        },
      },
    ],
  },
});
