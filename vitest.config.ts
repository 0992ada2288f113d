// Unit tests stand beside the code. `sandbox` are the suites that run programs as real processes on the Node host; `real` compares them with the real servers.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const SANDBOX_SUITES = ['sandboxes/host/node/**/*.test.ts', '**/*.sandbox.test.ts'];
const REAL_SUITES = ['**/*.real.test.ts'];
const ALWAYS_EXCLUDED = ['**/node_modules/**', 'dist/**', 'dist.new/**', '.cache/**', 'e2e/**'];

/** The longest files, which begin first: at the end no other is left to fill the machine beside them. */
const LONG = [
  'uwsgi/recorded.test.ts',
  'uwsgi/reload.test.ts',
  'golden.sandbox.test.ts',
  'recorded.sandbox.test.ts',
  'capstone.sandbox.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    // Style sheets that code reads as text, for the picture as a file; the others are left out.
    css: { include: [/\.css\?raw$/] },
    // Many tests wait for processes: three files at once fit on two cores.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Of cases of one file that say they may run side by side: each may have several Pythons.
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
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
          // what a file begins with may be a server that starts while the machine is busy
          hookTimeout: 60_000,
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
