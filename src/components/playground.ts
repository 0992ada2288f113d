/** What the playground can begin with, and its picture before anything runs. For pages; runs at build time only. */
import { presetsOf } from '../lesson/presets.ts';
import { nameOf } from '../workspace/share/address.ts';
import { recordingOf } from './recording.ts';

const files = import.meta.glob<string>('../../lessons/playground/*/preset.json', { query: '?raw', import: 'default', eager: true });
const [first, ...others] = presetsOf(files).map((preset) => {
  const { address, start } = recordingOf(preset.recording, []);
  return { ...preset, name: nameOf(preset.slug), recording: address, recordingStart: start, shown: preset.recording };
});
if (!first) throw new Error('There is no preset in lessons/playground');

export const presets = [first, ...others] as const;
/** Slug of the lesson whose recording is shown first. */
export const firstShown = first.shown;
