/** Where each rule of the model of IIS is documented, and what the model takes for granted. */

export interface Source {
  /** What the model does, in our words. */
  readonly rule: string;
  /** Name and address of the documentation; null for an assumption of the model. */
  readonly title: string | null;
  readonly url: string | null;
}

const IIS = 'https://learn.microsoft.com/iis';
const POOLS = `${IIS}/configuration/system.applicationhost/applicationpools/add`;

const documented = (rule: string, title: string, url: string): Source => ({ rule, title, url });
const assumed = (rule: string): Source => ({ rule, title: null, url: null });

export const SOURCES = {
  queue: documented(
    'HTTP.sys, in the kernel, keeps one queue of requests for each pool. A worker process takes them from there; WAS never touches one.',
    'Introduction to IIS architectures',
    `${IIS}/get-started/introduction-to-iis/introduction-to-iis-architecture`,
  ),
  queueLength: documented(
    'A request that finds queueLength others waiting gets a 503 at once. The default is 1000.',
    'Application pool: <add>',
    `${POOLS}/`,
  ),
  demand: documented(
    'WAS starts a w3wp when a request needs one; with startMode="AlwaysRunning" at once.',
    'Features of WAS',
    `${IIS}/manage/provisioning-and-managing-iis/features-of-the-windows-process-activation-service-was`,
  ),
  garden: documented(
    'With maxProcesses above 1 the pool is a web garden: each request that comes starts one more w3wp until there are so many, and they take turns.',
    'Features of WAS: web gardens',
    `${IIS}/manage/provisioning-and-managing-iis/features-of-the-windows-process-activation-service-was`,
  ),
  onePool: documented(
    'Each process has one pool of threads, and all its requests share one copy of the app.',
    'The managed thread pool',
    'https://learn.microsoft.com/dotnet/standard/threading/the-managed-thread-pool',
  ),
  threads: documented(
    'A pool of threads begins with one thread for each core. When all are taken and none becomes free for 500 ms, it gets one more.',
    'Thread pool growth, in the FAQ of Azure Cache for Redis',
    'https://learn.microsoft.com/azure/azure-cache-for-redis/cache-management-faq#important-details-about-threadpool-growth',
  ),
  idle: documented(
    'A w3wp without work ends after idleTimeout, 20 minutes by default.',
    'Process model of a pool',
    `${POOLS}/processmodel`,
  ),
  shutdown: documented(
    'A w3wp that is to end gets shutdownTimeLimit, 90 s by default, for the requests in it. Then it is killed.',
    'Process model of a pool',
    `${POOLS}/processmodel`,
  ),
  recycle: documented(
    'A w3wp is replaced after so many requests or so much time (29 hours by default).',
    'Periodic restart of a pool',
    `${POOLS}/recycling/periodicrestart/`,
  ),
  overlap: documented(
    'Recycling overlaps: the new w3wp starts while the old one works, then takes over the queue, and the old one finishes what it has.',
    'Recycling of a pool',
    `${POOLS}/recycling/`,
  ),
  crash: documented(
    'A crash takes every request in that w3wp with it. WAS starts another one when a request needs it.',
    'Features of WAS',
    `${IIS}/manage/provisioning-and-managing-iis/features-of-the-windows-process-activation-service-was`,
  ),
  rapidFail: documented(
    'After 5 crashes within 5 minutes (both can be set) WAS stops the pool, and HTTP.sys answers 503.',
    'Failure settings of a pool',
    `${POOLS}/failure`,
  ),
  noHarakiri: documented(
    'A pool has no limit for a single request: a stuck one keeps its thread until its process ends.',
    'Process model of a pool',
    `${POOLS}/processmodel`,
  ),
  files: documented(
    'A static file is the work of StaticFileModule, inside w3wp. The kernel cache that may answer before is left out.',
    'Introduction to IIS architectures',
    `${IIS}/get-started/introduction-to-iis/introduction-to-iis-architecture`,
  ),
  cores: assumed('The machine has 4 cores and one NUMA node. A w3wp needs 300 ms to start.'),
  blocking: assumed(
    'A request keeps its thread from start to end, as code does that blocks. Code that awaits gives the thread back, and fewer would wait.',
  ),
  pull: assumed('A w3wp takes a request from the queue when it has a thread free. A real one may take it sooner and let it wait inside.'),
  service: assumed(
    'A request takes as long as Python took for it in the run; of a live run that is known only when Python is done with it. One that no worker ever had takes as long as the last one of the same address, or 10 ms.',
  ),
} as const satisfies Record<string, Source>;

export type SourceKey = keyof typeof SOURCES;
