/** The ways to look at a log. All but the map are fetched when first chosen, so that a page which only plays a recording stays light. */
import type { MountView } from './view.ts';

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
  { id: 'iis', label: 'IIS', load: async () => (await import('./iis/view.ts')).mountIis },
];
