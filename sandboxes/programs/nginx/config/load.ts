/** From files to a configuration. */
import { template } from '../variables.ts';
import { COMMANDS } from './directives/index.ts';
import { COMBINED } from './directives/logs.ts';
import { type Config, DEFAULT_ERROR_LOG, emptyConfig } from './model.ts';
import { Parser, type Scope } from './parser.ts';
import type { Source } from './source.ts';

/**
 * Read and check a configuration. `globals` is the text of -g. `config` and `warnings` are filled in place, so that a
 * caller has the error logs named before a mistake, and the warnings. Throws ConfigError.
 */
export async function loadConfig(
  path: string,
  globals: string,
  source: Source,
  config: Config = emptyConfig(),
  warnings: string[] = [],
): Promise<Config> {
  config.logFormats.set('combined', template(COMBINED, config.variables, 'log'));
  const parser = new Parser(config, warnings, COMMANDS, path, source);
  const main: Scope = { context: 'main', own: {}, server: null, location: null, group: null, seen: config.seen };
  if (globals) await parser.parameter(globals, main);
  await parser.file(path, main);
  if (config.errorLogs.length === 0) config.errorLogs.push({ path: DEFAULT_ERROR_LOG, level: 'error' });
  return config;
}
