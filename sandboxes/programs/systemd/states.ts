/** What a service is doing, and what that is in short (`systemctl is-active`). */
import type { Active } from './protocol.ts';

export type Sub = 'dead' | 'failed' | 'start-pre' | 'start' | 'running' | 'exited' | 'reload' | 'stop' | 'stop-sigterm' | 'auto-restart';

export const ACTIVE: Readonly<Record<Sub, Active>> = {
  dead: 'inactive',
  failed: 'failed',
  'start-pre': 'activating',
  start: 'activating',
  'auto-restart': 'activating',
  running: 'active',
  exited: 'active',
  reload: 'reloading',
  stop: 'deactivating',
  'stop-sigterm': 'deactivating',
};

/** It runs, also while it reads its configuration anew. */
export const isUp = (active: Active): boolean => active === 'active' || active === 'reloading';
