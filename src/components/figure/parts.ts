/** The parts of the figure that are fetched when they are first asked for, so that a page which only plays a recording stays light. */
import type { Diagram } from '../../diagram/diagram.ts';
import type { Names } from '../../diagram/words.ts';
import type { Frame } from '../../trace/frame.ts';
import type { TraceLog } from '../../trace/log.ts';
import type { MountView } from './view.ts';

/** Something worth a jump: a process died, a server was reloaded, a queue was full. */
export interface Marker {
  readonly t: number;
  readonly kind: 'crash' | 'reload' | 'full';
  readonly text: string;
}

/** The open dialog of a request. */
export interface RequestDialog {
  update(): void;
  close(): void;
}

export type OpenRequest = (options: {
  readonly log: TraceLog;
  readonly key: string;
  readonly names: Names;
  readonly followed: boolean;
  follow(key: string | null): void;
  seek(t: number): void;
  closed(): void;
}) => RequestDialog;

export type SvgOfMoment = (
  frame: Frame,
  options: { readonly followed: string | null; readonly names: Names; readonly dark: boolean },
) => string;

/** Who tells the story: the lecture with its manager (a model), or the run. */
export type Version = 'lecture' | 'real';
export type TellingDiagram = Diagram & { readonly tell?: (version: Version) => void };

export interface ViewPart {
  readonly id: string;
  readonly label: string;
  load(): Promise<MountView>;
}

/** The views beside the map, which is there from the start. */
export const OTHER_VIEWS: readonly ViewPart[] = [
  { id: 'lanes', label: 'Lanes', load: async () => (await import('./lanes.ts')).mountLanes },
  { id: 'text', label: 'Text', load: async () => (await import('./text.ts')).mountText },
  { id: 'table', label: 'Table', load: async () => (await import('./table.ts')).mountTable },
];

/** Parts that a page may lack; what needs them is then not offered. */
export interface Extras {
  readonly markersOf?: (log: TraceLog) => readonly Marker[];
  readonly request?: () => Promise<OpenRequest>;
  readonly chromeTrace?: () => Promise<(log: TraceLog) => string>;
  readonly svgOfMoment?: () => Promise<SvgOfMoment>;
}

export const EXTRAS: Extras = {};
