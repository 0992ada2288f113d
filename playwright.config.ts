// What a learner, a teacher and a course page do, in a real browser on the built site. `npm test -- e2e` finds or gets the browser first.
import { defineConfig } from '@playwright/test';

const port = Number(process.env['E2E_PORT'] ?? 4399);
const browser = process.env['BROWSER_PATH'];

/** Features of Chromium that Playwright itself leaves out; a second list would replace its own. */
const LEFT_OUT_BY_PLAYWRIGHT = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable'],
  ...['LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect'],
  ...['TcpPortRandomizationWin', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
];

/** Whole lessons, start to end: up to a minute a test. */
const LONG = ['course*.spec.ts', 'check.spec.ts', 'engine*.spec.ts', 'faults.spec.ts', 'webcontainer.spec.ts'];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  reporter: [['list'], ['json', { outputFile: process.env['E2E_REPORT'] ?? 'test-results/e2e.json' }]],
  retries: 0,
  // Most of a test is waiting for what takes its time: four at once fit on two cores.
  workers: 4,
  // Four tests at once may slow each other down; a test that waits for what never comes may take its time.
  timeout: 90_000,
  expect: {
    timeout: 15_000,
    // Edges of letters and lines may differ by a shade from one Chromium to the next; a word that changes is more.
    toHaveScreenshot: { pathTemplate: 'e2e/atlas/{arg}{ext}', threshold: 0.15, maxDiffPixels: 60, animations: 'disabled' },
  },
  forbidOnly: true,
  // In this order: no long test may be what all others wait for at the end.
  projects: [
    // With less motion: to draw what moves takes as much of a processor as a worker’s Python. That it moves is seen by the others.
    { name: 'long', testMatch: LONG, use: { contextOptions: { reducedMotion: 'reduce' } } },
    { name: 'e2e', testIgnore: LONG },
  ],
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
        // Each page of a test is a window to Chromium: without its address bar's own pages it opens in half the time.
        `--disable-features=${[...LEFT_OUT_BY_PLAYWRIGHT, 'WebUIOmniboxPopup'].join(',')}`,
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
