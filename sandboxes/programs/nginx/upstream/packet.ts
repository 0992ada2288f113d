/** The variables of a uwsgi packet: the uwsgi_param lines in file order, then the client's headers as HTTP_*. */
import { encodePacket, ProtocolError } from '../../uwsgi/protocol.ts';
import type { Param } from '../config/pass-model.ts';
import type { Request } from '../request.ts';
import { UpstreamFailure } from './watch.ts';

/** Header names as variables, remembered: clients send the same few. */
const names = new Map<string, string>();

function variableName(key: string): string {
  let name = names.get(key);
  if (name === undefined) {
    name = `HTTP_${key.toUpperCase().replaceAll('-', '_')}`;
    if (names.size < 1000) names.set(key, name);
  }
  return name;
}

/** Names that the configuration sets itself, so that the client's header of that name is left out. */
const ownNames = new WeakMap<readonly Param[], ReadonlySet<string>>();

function namesOf(params: readonly Param[]): ReadonlySet<string> {
  let own = ownNames.get(params);
  if (!own) {
    own = new Set(params.filter((param) => param.name.startsWith('HTTP_')).map((param) => param.name));
    ownNames.set(params, own);
  }
  return own;
}

/** The packet for a request. Throws UpstreamFailure when it does not fit. */
export function packet(request: Request): Uint8Array {
  const { params, passHeaders, modifier1, modifier2 } = request.settings.uwsgi;
  const own = namesOf(params);
  const pairs: [string, string][] = [];
  for (const { name, value, ifNotEmpty } of params) {
    const text = value(request);
    if (text !== '' || !ifNotEmpty) pairs.push([name, text]);
  }
  if (passHeaders) {
    for (const line of request.head.headers) {
      const name = variableName(line.key);
      if (!own.has(name)) pairs.push([name, line.value]);
    }
  }
  try {
    return encodePacket(pairs, modifier1, modifier2);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new UpstreamFailure(500, 'alert', 'error', `uwsgi request is too big: ${error.size}`);
  }
}
