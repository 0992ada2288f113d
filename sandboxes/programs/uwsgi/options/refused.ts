/** Why a real option is refused, where a sentence says more than that this uWSGI does not have it. */
import { sandboxSays } from '../options.ts';

const all = (why: string, names: string): [string, string][] => names.split(/\s+/).map((name) => [name, why]);

const WHY: Readonly<Record<string, string>> = Object.fromEntries([
  ...all('Python in WebAssembly cannot start threads; processes take their place', 'threads thread'),
  ...all('one process handles one request at a time here', 'async gevent ugreen loop asyncio greenlet'),
  ...all('leave it in the foreground, with & in the shell', 'daemonize daemonize2'),
  ...all('Nginx serves the files in this course', 'static-map static-map2 static-check check-static static-index static-expires'),
  ...all('Nginx does the routing in this course', 'route route-host route-uri route-if route-run'),
  ...all('Nginx does HTTPS in this course', 'https https-socket https2 ssl-socket suwsgi-socket'),
  ...all('the number of workers stays as it is', 'cheaper cheaper-algo cheaper-initial cheaper-step cheaper-overload cheap idle'),
  ...all('one instance a command here', 'emperor emperor-stats vassals-inherit zerg zerg-server legion'),
  ...all('there is nothing but requests to work on here', 'spooler spooler-processes mule mules farm cron crons'),
  ...all('one application an instance here', 'mount manage-script-name'),
  ...all('the log has one form here', 'log-format logformat logformat-strftime log-4xx log-5xx log-slow req-logger logger'),
  ...all(
    'write the lines one by one',
    'for for-glob for-times for-readline if-env if-not-env if-opt if-not-opt if-exists if-file if-dir else',
  ),
  ...all('an INI file is the one form of a configuration here', 'xml xmlconfig yaml yml json js config'),
]);

/** The reason alone; empty when there is none to say. */
export const whyRefused = (name: string): string => (Object.hasOwn(WHY, name) && WHY[name]) || '';

/** The line that ends the start. */
export function refusal(name: string): string {
  const why = whyRefused(name);
  return sandboxSays(`"${name}" is a real option of uWSGI, but this sandbox's uwsgi does not have it${why && `: ${why}`}`);
}
