/** The kernel's errors: names, numbers and texts as Linux has them. Programs get them by host.ts. */

export type ErrorCode =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EAGAIN'
  | 'ECHILD'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EEXIST'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'ENOENT'
  | 'ENOMEM'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EPERM'
  | 'EPIPE'
  | 'ESRCH'
  | 'ETIMEDOUT';

/** What failed, in the kernel's own words: `code` is the errno name, `errno` its Linux number, `strerror` its text. */
export class SystemError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, what = '') {
    super(what ? `${what}: ${ERRNO[code][1]}` : ERRNO[code][1]);
    this.name = 'SystemError';
    this.code = code;
  }
  get errno(): number {
    return ERRNO[this.code][0];
  }
  get strerror(): string {
    return ERRNO[this.code][1];
  }
}

/** Linux numbers and texts (errno.h, strerror(3)), as nginx and uWSGI print them. */
export const ERRNO: Readonly<Record<ErrorCode, readonly [number, string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  ESRCH: [3, 'No such process'],
  ECHILD: [10, 'No child processes'],
  EAGAIN: [11, 'Resource temporarily unavailable'],
  ENOMEM: [12, 'Cannot allocate memory'],
  EACCES: [13, 'Permission denied'],
  EEXIST: [17, 'File exists'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENOSPC: [28, 'No space left on device'],
  EPIPE: [32, 'Broken pipe'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Too many levels of symbolic links'],
  EADDRINUSE: [98, 'Address already in use'],
  EADDRNOTAVAIL: [99, 'Cannot assign requested address'],
  ECONNRESET: [104, 'Connection reset by peer'],
  ETIMEDOUT: [110, 'Connection timed out'],
  ECONNREFUSED: [111, 'Connection refused'],
};

/** Is `error` a SystemError (with that code, when one is given)? */
export function isSystemError(error: unknown, code?: ErrorCode): error is SystemError {
  return error instanceof SystemError && (code === undefined || error.code === code);
}
