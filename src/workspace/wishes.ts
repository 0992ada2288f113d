/** What buttons in the text ask the work area for, see Do.astro and Task.astro; and what a page around an embed does, see ../embed/wishes.ts. */
import type { Remote } from '../components/figure/steering.ts';
import type { Outcome } from './outcome.ts';

export interface Wishes {
  /** Starts the sandbox unless it runs. */
  start(): void;
  run(command: string): void;
  send(url: string, count: number, inTurn?: boolean): void;
  open(file: string, line: number | null): void;
  /** Opens it to be edited, whatever file it is: nano and vi ask. */
  edit(file: string): void;
  restart(): void;
  checks(make: boolean): void;
  /** Hands over the figure. */
  figure(take: (figure: Remote) => void): void;
  /** Makes the checks and hands over what came of it. */
  outcome(take: (outcome: Promise<Outcome>) => void): void;
}

/** Hears them from now on; returns what ends that. */
export function hearWishes(wishes: Wishes): () => void {
  const by: Readonly<Record<string, (detail: never) => void>> = {
    'ftr:start': () => wishes.start(),
    'ftr:run': ({ command }: { command: string }) => wishes.run(command),
    'ftr:send': ({ url, count, inTurn }: { url: string; count: number; inTurn?: boolean }) => wishes.send(url, count, inTurn),
    'ftr:open': ({ file, line }: { file: string; line?: number | null }) => wishes.open(file, line ?? null),
    'ftr:edit': ({ file }: { file: string }) => wishes.edit(file),
    'ftr:restart': () => wishes.restart(),
    'ftr:checks': (detail: { make?: boolean } | null) => wishes.checks(detail?.make ?? false),
    'ftr:figure': (take: (figure: Remote) => void) => wishes.figure(take),
    'ftr:outcome': (take: (outcome: Promise<Outcome>) => void) => wishes.outcome(take),
  };
  const onWish = (event: Event) => by[event.type]?.((event as CustomEvent<never>).detail);
  for (const wish of Object.keys(by)) window.addEventListener(wish, onWish);
  return () => {
    for (const wish of Object.keys(by)) window.removeEventListener(wish, onWish);
  };
}
