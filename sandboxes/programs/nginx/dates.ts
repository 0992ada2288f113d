/** Dates as nginx writes them. The sandbox's clock is UTC. */

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A function of the time that does its work once a second: dates change no more often. */
function everySecond(write: (date: Date) => string): (ms: number) => string {
  let second = -1;
  let text = '';
  return (ms) => {
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      second = now;
      text = write(new Date(now * 1000));
    }
    return text;
  };
}

const clock = (date: Date): string => date.toISOString().slice(11, 19);
const day = (date: Date): string => String(date.getUTCDate()).padStart(2, '0');

/** `Sun, 22 Nov 2026 05:40:04 GMT` */
export const dateHttp = everySecond((date) => date.toUTCString());
/** The same of a file's time: of many requests in a row most are for files of one time. */
export const dateFile = everySecond((date) => date.toUTCString());
/** `22/Nov/2026:05:40:04 +0000` */
export const dateLog = everySecond((date) => `${day(date)}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock(date)} +0000`);
/** `2026/11/22 05:40:04` */
export const dateErrorLog = everySecond((date) => `${date.toISOString().slice(0, 10).replaceAll('-', '/')} ${clock(date)}`);
