// What a learner, a teacher and a course page do, in a real browser on the built site. `npm test -- e2e` finds or gets the browser first.
import { defineConfig } from '@playwright/test';

const port = Number(process.env['E2E_PORT'] ?? 4399);
const browser = process.env['BROWSER_PATH'];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  reporter: [['list'], ['json', { outputFile: process.env['E2E_REPORT'] ?? 'test-results/e2e.json' }]],
  retries: 0,
  // Most of a test is waiting for what takes its time: three at once fit on two cores.
  workers: 3,
  timeout: 60_000,
  expect: {
    timeout: 10_000,
    // Edges of letters and lines may differ by a shade from one Chromium to the next; a word that changes is more.
    toHaveScreenshot: { pathTemplate: 'e2e/atlas/{arg}{ext}', threshold: 0.15, maxDiffPixels: 60, animations: 'disabled' },
  },
  forbidOnly: true,
  use: {
    baseURL: `http://localhost:${port}`,
    screenshot: 'only-on-failure',
    // Requests that a service worker answers cannot be stopped or changed by a test; what it does has tests of its own, which allow it.
    serviceWorkers: 'block',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      args: [
        // Each test starts Python anew, and no test is long enough for WebAssembly that is compiled a second time, to be faster.
        '--js-flags=--liftoff-only',
        // Chromium's own sandbox does not start for root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
  webServer: {
    command: `node scripts/run.mjs scripts/preview.ts --port ${port}`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: true,
  },
});
