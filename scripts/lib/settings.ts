/** The build's settings, from the environment or a `.env` file: those that Astro gives to the pages. */
import { loadEnv } from 'vite';
import { type EngineSetting, engineSetting } from '../../src/runtime/engine-setting.ts';
import { root } from './paths.ts';

const PREFIX = 'PUBLIC_';

/** All of them, as one text that changes when one of them does. */
export function settingsText(): string {
  return JSON.stringify(Object.entries(loadEnv('production', root, PREFIX)).sort());
}

/** What is set for the WebContainer engine. Throws when it is none of its words. */
export function webcontainerSetting(): EngineSetting {
  return engineSetting(loadEnv('production', root, PREFIX)['PUBLIC_WEBCONTAINER']);
}
