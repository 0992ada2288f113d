/** The ways to look at a log. All but the map are fetched when first chosen, so that a page which only plays a recording stays light. */
import { fetched } from './fetched.ts';
import type { MountView } from './view.ts';

interface ViewPart {
  readonly id: string;
  readonly label: string;
  load(): Promise<MountView>;
}

/** The views beside the map, which is there from the start. */
export const OTHER_VIEWS: readonly ViewPart[] = [
  { id: 'lanes', label: 'Lanes', load: async () => (await fetched(import('./lanes.ts'))).mountLanes },
  { id: 'text', label: 'Text', load: async () => (await fetched(import('./text.ts'))).mountText },
  { id: 'table', label: 'Table', load: async () => (await fetched(import('./table.ts'))).mountTable },
  { id: 'iis', label: 'IIS', load: async () => (await fetched(import('./iis/view.ts'))).mountIis },
];
