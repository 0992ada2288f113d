/** The pages nginx answers with when nothing else does, byte for byte. */

export const STATUS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Time-out',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
  507: 'Insufficient Storage',
};

/** 302 is "Found" on the page and "Moved Temporarily" in the status line. */
const TITLES: Readonly<Record<number, string>> = { 302: 'Found' };

/** The page of a status, or null when nginx has none. `detail` is nginx's second line for some kinds of 400. */
export function page(status: number, serverTokens: boolean, detail = ''): string | null {
  const text = TITLES[status] ?? STATUS[status];
  if (text === undefined || status < 300 || status === 304) return null;
  const title = detail ? `${status} ${detail}` : `${status} ${text}`;
  const server = serverTokens ? 'nginx/1.22.1' : 'nginx';
  const second = detail ? `<center>${detail}</center>\r\n` : '';
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${text}</h1></center>\r\n${second}` +
    `<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`
  );
}

/** The reason in a status line; nothing for a status nginx does not know. */
export const reason = (status: number): string => STATUS[status] ?? '';
