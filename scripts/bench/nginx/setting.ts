/** What the servers of this benchmark serve, and how they are asked: the same for the sandbox's nginx and the machine's. */
import { temporaryPaths } from '../../lib/real-server.ts';

const SMALL_BYTES = 1024;
export const LARGE_BYTES = 50 * 1024 * 1024;
/** What the server behind answers with, and its request: whole, so that a bare echo can count bytes. */
export const BEHIND_BYTES = 1024;

export const CLIENTS = 8;
export const WARM_UP_MS = 1000;
export const MEASURED_MS = 3000;
export const ROUNDS = 3;

const small = 'a'.repeat(SMALL_BYTES - 1);

/** Files to serve, by name. */
export const files = (): Record<string, string | Uint8Array> => ({ 'small.txt': `${small}\n`, 'large.bin': new Uint8Array(LARGE_BYTES) });

export interface Places {
  readonly port: number;
  /** Where the server behind listens. */
  readonly behind: number;
  readonly root: string;
  readonly logs: string;
  /** Of the main context: `user`, `pid`. */
  readonly main: string;
}

/** One worker, one log line a request; connections are kept for as long as the client likes. */
export const configuration = ({ port, behind, root, logs, main }: Places): string => `${main}
worker_processes 1;
error_log ${logs}/error.log;
events {
    worker_connections 768;
}
http {
    access_log ${logs}/access.log;
    ${temporaryPaths(logs)}
    sendfile on;
    keepalive_requests 100000000;
    server {
        listen 127.0.0.1:${port};
        root ${root};
        location /behind {
            proxy_pass http://127.0.0.1:${behind};
        }
    }
}
`;

/** The request of a client that sends what a browser must. */
export const request = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load/1.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n`;

/** What nginx makes of the request for the server behind: a bare echo counts its bytes. */
export const requestBehind = (port: number): string =>
  `GET /behind HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\nUser-Agent: load/1.0\r\nAccept: */*\r\n\r\n`;

/** What a slow client takes of the large file before it pauses. */
export const SIP_BYTES = 1_000_000;
