/** A terminal's screen: xterm in the page's colours, as large as its box. What is drawn on it is its owner's. */
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';

interface ScreenOptions {
  /** Does a line feed begin a new line by itself? Not what comes from a terminal: that has its carriage returns. */
  readonly convertEol: boolean;
  /** Does what changes the screen, in its turn. */
  readonly inTurn?: (work: () => void) => void;
}

export class Screen {
  readonly terminal: Terminal;
  readonly #watchers: (() => void)[] = [];

  constructor(element: HTMLElement, { convertEol, inTurn = (work) => work() }: ScreenOptions) {
    const style = getComputedStyle(element);
    this.terminal = new Terminal({
      convertEol,
      cursorBlink: false,
      fontFamily: style.fontFamily,
      // a stage is read from the last row
      fontSize: Number.parseFloat(style.getPropertyValue('--terminal-size')) || 13,
      minimumContrastRatio: 4.5,
      scrollback: 2000,
      theme: themeOf(style),
    });
    const fit = new FitAddon();
    this.terminal.loadAddon(fit);
    this.terminal.open(element);
    this.terminal.attachCustomKeyEventHandler(leaving(this.terminal));
    fit.fit();
    this.#watch(element, () => inTurn(() => fit.fit()));
  }

  /** What it shows, scrolled-off lines too. */
  text(): string {
    const { active } = this.terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }

  dispose(): void {
    for (const stop of this.#watchers) stop();
    this.terminal.dispose();
  }

  /** Follows the size of its box and the colours of the page. */
  #watch(element: HTMLElement, fit: () => void): void {
    const recolour = () => {
      this.terminal.options.theme = themeOf(getComputedStyle(element));
    };
    const size = new ResizeObserver(() => {
      // a hidden tab has no size: keep the old one until it is shown again
      if (element.clientWidth > 0 && element.clientHeight > 0) fit();
    });
    size.observe(element);
    const theme = new MutationObserver(recolour);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', recolour);
    this.#watchers.push(
      () => size.disconnect(),
      () => theme.disconnect(),
      () => dark.removeEventListener('change', recolour),
    );
  }
}

/** Keys that are not for the program: Esc and then Tab leaves the terminal, and Ctrl-C copies when text is selected. */
function leaving(terminal: Terminal): (event: KeyboardEvent) => boolean {
  let escaped = false;
  // who comes back finds Tab the shell's again
  terminal.textarea?.addEventListener('blur', () => {
    escaped = false;
  });
  return (event) => {
    if (event.type !== 'keydown' || event.key === 'Shift') return true;
    if (event.key === 'Tab') return !escaped;
    escaped = event.key === 'Escape';
    return !(event.ctrlKey && event.key === 'c' && terminal.hasSelection());
  };
}

/** The terminal draws its own pixels, so it is told the colours of the page's tokens. */
function themeOf(style: CSSStyleDeclaration): ITheme {
  const token = (name: string) => style.getPropertyValue(name).trim();
  const [ink, paper] = [token('--ink'), token('--paper-raised')];
  return {
    background: paper,
    foreground: ink,
    cursor: token('--accent'),
    cursorAccent: paper,
    selectionBackground: token('--accent'),
    selectionForeground: token('--on-accent'),
    black: ink,
    red: token('--status-server-error'),
    green: token('--status-ok'),
    yellow: token('--status-wait'),
    blue: token('--status-redirect'),
    magenta: token('--status-client-error'),
    cyan: token('--status-idle'),
    white: token('--ink-soft'),
  };
}
