/** From files to a configuration. */
import { template } from '../variables.ts';
import { COMBINED, COMMANDS } from './commands.ts';
import { type Config, DEFAULT_ERROR_LOG, emptyConfig } from './model.ts';
import { Parser, type Scope, type Source } from './parser.ts';

/**
 * Read and check a configuration. `globals` is the text of -g. `config` is filled in place, so that a caller has the
 * error logs named before a mistake. Throws ConfigError.
 */
export async function loadConfig(path: string, globals: string, source: Source, config: Config = emptyConfig()): Promise<Config> {
  config.logFormats.set('combined', template(COMBINED, config.variables, 'log'));
  const parser = new Parser(config, COMMANDS, path, source);
  const main: Scope = { context: 'main', own: {}, handlers: {}, server: null, location: null, seen: config.seen };
  if (globals) await parser.parameter(globals, main);
  await parser.file(path, main);
  if (config.errorLogs.length === 0) config.errorLogs.push({ path: DEFAULT_ERROR_LOG, level: 'error' });
  return config;
}
