/** How uWSGI takes the value of an option: what it makes of a word where a number belongs, of nothing at all, and so on. */
import { isOn } from '../names.ts';
import { ConfigError, type Options, type SocketOption, sandboxSays } from '../options.ts';

/** Puts a value, null for none, into the options; `name` is what the option was called. Throws ConfigError. */
export type Setter = (options: Options, value: string | null, name: string) => void;

type Flag = { [K in keyof Options]: Options[K] extends boolean ? K : never }[keyof Options];
type Count = { [K in keyof Options]: Options[K] extends number ? K : never }[keyof Options];
type Text = { [K in keyof Options]: string extends Options[K] ? K : never }[keyof Options];
type List = { [K in keyof Options]: Options[K] extends string[] ? K : never }[keyof Options];

/** atoi(3): the digits at the start, else 0; 1 when there is no value. */
const number = (value: string | null): number => (value === null ? 1 : Math.trunc(Number.parseInt(value, 10)) || 0);

/** On, but for `false`, `off`, `no` and `0`. */
export const flag =
  (key: Flag): Setter =>
  (options, value) => {
    options[key] = isOn(value);
  };

/** A number that may not be negative. */
export const count =
  (key: Count): Setter =>
  (options, value, name) => {
    const given = number(value);
    if (given < 0) throw new ConfigError(`invalid value for option "${name}": must be > 0`);
    options[key] = given;
  };

/** A number that is not looked at. A negative one would be an enormous one. */
export const large =
  (key: Count): Setter =>
  (options, value) => {
    const given = number(value);
    options[key] = given < 0 ? Number.MAX_SAFE_INTEGER : given;
  };

/** A number of 16 bits. */
export const small =
  (key: Count): Setter =>
  (options, value) => {
    const given = number(value);
    options[key] = given < 0 || given > 0xffff ? 0xffff : given;
  };

export const text =
  (key: Text): Setter =>
  (options, value) => {
    options[key] = value ?? '';
  };

/** Every line counts. */
export const list =
  (key: List): Setter =>
  (options, value) => {
    options[key].push(value ?? '');
  };

export const socket =
  (protocol: SocketOption['protocol']): Setter =>
  (options, value) => {
    const address = (value ?? '').replace(/^\s+/, '');
    if (address === '') throw new ConfigError('invalid/empty uwsgi socket name');
    options.sockets.push({ address, protocol });
  };

/** Three octal digits, or `1` or nothing for read and write by everybody. */
export const mode: Setter = (options, value) => {
  if (value !== null && value !== '1' && !/^[0-7]{3}$/.test(value)) throw new ConfigError(`invalid chmod value: ${value}`);
  options.chmodForAll = value === null || value === '1';
  options.chmodSocket = options.chmodForAll ? 0o666 : Number.parseInt(value ?? '', 8);
};

/** On; the real one takes a format of strftime(3) too. */
export const date: Setter = (options, value, name) => {
  if (value !== null && !/^(true|1|on|yes|)$/i.test(value))
    throw new ConfigError(sandboxSays(`${name} takes no format here; write ${name} = true`));
  options.logDate = true;
};
