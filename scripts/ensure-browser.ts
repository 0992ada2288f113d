/**
 * Finds a Chromium for the tests, or gets one. A candidate counts only when it starts and lays out text: a browser with
 * missing libraries or without any font does not.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { at, root } from './lib/paths.ts';

/** A browser that was seen to work: its file, and what must be in its environment. */
export interface Browser {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const isRoot = process.getuid?.() === 0;

/** Chromium's own sandbox does not start for root. */
export const browserArgs: readonly string[] = isRoot ? ['--no-sandbox'] : [];

/** Null when the browser works, or what went wrong. */
async function tryBrowser({ path, env }: Browser): Promise<string | null> {
  if (!existsSync(path)) return 'there is no such file';
  try {
    const browser = await chromium.launch({
      executablePath: path,
      args: [...browserArgs],
      env: { ...process.env, ...env },
      timeout: 30_000,
    });
    try {
      const page = await browser.newPage();
      await page.setContent('<span>text</span>');
      const width = await page.locator('span').evaluate((span) => span.getBoundingClientRect().width);
      return width > 0 ? null : 'it draws no text (no fonts?)';
    } finally {
      await browser.close();
    }
  } catch (error) {
    return String(error).split('\n', 1)[0] ?? 'it does not start';
  }
}

/** Where systems keep Chrome, Chromium and Edge. */
function systemPaths(): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name])
      .filter((folder) => folder !== undefined);
    return folders.flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]);
  }
  return ['chromium', 'google-chrome', 'chromium-browser', 'microsoft-edge'].map((name) => `/usr/bin/${name}`);
}

/** The Chromium that npm brought (Linux on x64 only), first with the system's libraries and fonts, then with its own. */
async function npmChromium(): Promise<Browser[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin');
  const folder = at('node_modules/.cache/chromium');
  if (!existsSync(folder)) {
    const { inflate } = await import('@sparticuz/chromium');
    const unpacking = `${folder}.part`;
    rmSync(unpacking, { recursive: true, force: true });
    mkdirSync(unpacking, { recursive: true });
    // The package unpacks into the system's folder for temporary files, where a stale copy may lie: give it a folder of ours.
    const temporary = process.env['TMPDIR'];
    process.env['TMPDIR'] = unpacking;
    await Promise.all(['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((file) => inflate(join(bin, file))));
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    renameSync(unpacking, folder);
  }
  // The package's own font list names folders of the service it was made for.
  const fonts = join(folder, 'fonts');
  writeFileSync(join(fonts, 'fonts.conf'), `<fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>\n`);
  const path = join(folder, 'chromium');
  return [
    { path, env: {} },
    { path, env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: fonts } },
  ];
}

function installByPlaywright(): void {
  console.log('No browser yet: playwright install chromium ...');
  const args = [at('scripts/run.mjs'), 'playwright', 'install', 'chromium'];
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', timeout: 300_000 });
}

function installByApt(): void {
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) return;
  console.log('No browser yet: apt-get install chromium ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update'], { stdio: 'ignore', env });
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { stdio: 'inherit', env });
}

/** The first browser that works. Installs one when there is none; throws when that does not help. */
export async function ensureBrowser(): Promise<Browser> {
  const plain = (path: string): Browser => ({ path, env: {} });
  const asked = [process.env['BROWSER_PATH'], process.env['CHROME_PATH']];
  const sources: (() => Browser[] | Promise<Browser[]>)[] = [
    () => asked.flatMap((path) => (path ? [plain(path)] : [])),
    () => systemPaths().filter(existsSync).map(plain),
    () => [chromium.executablePath()].filter(existsSync).map(plain),
    npmChromium,
    () => {
      installByPlaywright();
      return [plain(chromium.executablePath())];
    },
    () => {
      installByApt();
      return systemPaths().filter(existsSync).map(plain);
    },
  ];
  const tried: string[] = [];
  for (const source of sources) {
    for (const browser of await source()) {
      const problem = await tryBrowser(browser);
      if (problem === null) return browser;
      tried.push(`  ${browser.path}: ${problem}`);
    }
  }
  throw new Error(`No browser works for the tests. Install Chrome or Chromium, or name one in BROWSER_PATH. Tried:\n${tried.join('\n')}`);
}

if (import.meta.main) console.log((await ensureBrowser()).path);
