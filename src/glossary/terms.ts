/** The words of the course, as data: for the glossary's page, for what a lesson's text explains on the spot, and for search. */

export interface Term {
  /** Its place on the glossary's page. */
  readonly id: string;
  readonly term: string;
  /** Other forms of it in a text. With a capital in it, it is meant so; without, it may also begin a sentence. */
  readonly forms?: readonly string[];
  /** One or two sentences, plain. */
  readonly says: string;
  /** What you know it as from IIS and ASP.NET. */
  readonly iis?: string;
  /** Of a thing of IIS or ASP.NET: what stands in its place on the server here. */
  readonly here?: string;
  /** Where it stands. */
  readonly source: string;
}

const UWSGI = 'https://uwsgi-docs.readthedocs.io/en/latest';
const NGINX = 'https://nginx.org/en/docs';
const IIS = 'https://learn.microsoft.com/iis';
const CORE = 'https://learn.microsoft.com/aspnet/core';

export const TERMS: readonly Term[] = [
  {
    id: 'application-pool',
    term: 'application pool',
    forms: ['application pools', 'app pool'],
    says: 'In IIS, one or more worker processes with the same settings, kept apart from those of other pools.',
    here: 'One uWSGI instance: one ini file, one master, its workers.',
    source: `${IIS}/configuration/system.applicationhost/applicationpools/`,
  },
  {
    id: 'asgi',
    term: 'ASGI',
    says: 'The asynchronous sibling of WSGI: the way Python servers such as Uvicorn call an app that uses async and await.',
    iis: 'Closer to ASP.NET Core than WSGI is: both are asynchronous.',
    source: 'https://asgi.readthedocs.io/en/latest/introduction.html',
  },
  {
    id: 'backlog',
    term: 'backlog',
    says: 'The length of a listen queue. uWSGI’s is 100 unless listen says otherwise, and the kernel caps it at net.core.somaxconn.',
    iis: 'queueLength of a pool, 1000 by default. It counts requests that were read, not connections.',
    source: `${UWSGI}/articles/TheArtOfGracefulReloading.html`,
  },
  {
    id: 'bad-gateway',
    term: '502 Bad Gateway',
    forms: ['502'],
    says: 'Nginx got no usable answer from the server behind it: nobody listens there, the queue is full, or the worker died.',
    iis: 'A stopped pool or a full queue in IIS gives 503 instead.',
    source: `${NGINX}/http/ngx_http_uwsgi_module.html`,
  },
  {
    id: 'gateway-timeout',
    term: '504 Gateway Time-out',
    forms: ['504'],
    says: 'Nginx waited too long for the server behind it: 60 seconds, unless uwsgi_read_timeout says otherwise.',
    source: `${NGINX}/http/ngx_http_uwsgi_module.html#uwsgi_read_timeout`,
  },
  {
    id: 'callable',
    term: 'callable',
    says: 'In Python, whatever can be called like a function. A WSGI app is one that takes environ and start_response.',
    iis: 'The handler of ASP.NET (IHttpHandler) is called in the same place.',
    source: 'https://peps.python.org/pep-3333/',
  },
  {
    id: 'chain-reload',
    term: 'chain reload',
    says: 'A reload that replaces one worker at a time and waits until the new one is ready. It needs lazy-apps.',
    iis: 'The nearest thing here to overlapped recycling.',
    source: `${UWSGI}/articles/TheArtOfGracefulReloading.html`,
  },
  {
    id: 'cpython',
    term: 'CPython',
    says: 'The usual Python, written in C. In its usual build one thread at a time runs Python code in a process.',
    source: 'https://docs.python.org/3/glossary.html#term-CPython',
  },
  {
    id: 'daemon',
    term: 'daemon',
    says: 'A program that runs in the background and belongs to no terminal.',
    iis: 'A Windows service.',
    source: 'https://manpages.debian.org/bookworm/systemd/daemon.7.en.html',
  },
  {
    id: 'emperor',
    term: 'Emperor',
    says: 'A uWSGI that starts, reloads and stops other uWSGIs, one for each configuration file in a folder.',
    iis: 'WAS, looking after many pools.',
    source: `${UWSGI}/Emperor.html`,
  },
  {
    id: 'fork',
    term: 'fork',
    forms: ['forks', 'forked'],
    says: 'How Linux makes a process: as a copy of the one that asks for it, with the memory shared until one of them writes to it.',
    iis: 'There is no counterpart: every w3wp.exe loads everything itself.',
    source: 'https://manpages.debian.org/bookworm/manpages-dev/fork.2.en.html',
  },
  {
    id: 'gil',
    term: 'GIL',
    forms: ['global interpreter lock'],
    says: 'The lock that lets one thread at a time run Python code in a process. Whoever waits, for a database for example, gives it up meanwhile.',
    iis: '.NET has none: managed threads run on all cores at once.',
    source: 'https://docs.python.org/3/glossary.html#term-global-interpreter-lock',
  },
  {
    id: 'graceful-reload',
    term: 'graceful reload',
    says: 'Workers finish what they have, then start anew with the new configuration, while the socket stays open and new requests wait.',
    iis: 'A recycle. WAS starts the new process first; uWSGI lets the old ones finish first.',
    source: `${UWSGI}/articles/TheArtOfGracefulReloading.html`,
  },
  {
    id: 'harakiri',
    term: 'harakiri',
    says: 'uWSGI’s limit, in seconds, for one request. A worker that takes longer is killed and replaced; it is off unless you set it.',
    iis: 'A pool has no such setting.',
    source: `${UWSGI}/Glossary.html`,
  },
  {
    id: 'http-sys',
    term: 'HTTP.sys',
    says: 'The part of Windows, in the kernel, that receives HTTP requests and queues them for the pools of IIS.',
    here: 'Nginx and the listen queue do this.',
    source: `${IIS}/get-started/introduction-to-iis/introduction-to-iis-architecture`,
  },
  {
    id: 'kestrel',
    term: 'Kestrel',
    says: 'The web server inside an ASP.NET Core program.',
    here: 'The uWSGI worker stands in its place, with one request at a time instead of many threads.',
    source: `${CORE}/fundamentals/servers/kestrel`,
  },
  {
    id: 'lazy-apps',
    term: 'lazy-apps',
    says: 'With this line of the ini every worker loads the app itself, instead of the master once before it forks.',
    source: `${UWSGI}/ThingsToKnow.html`,
  },
  {
    id: 'listen-queue',
    term: 'listen queue',
    forms: ['waiting line'],
    says: 'Connections that have come to a socket and that nobody has accepted yet. The kernel keeps it, so it fills up even while every worker is busy.',
    iis: 'The request queue of a pool, in HTTP.sys. That one holds requests that were read already.',
    source: 'https://manpages.debian.org/bookworm/manpages-dev/listen.2.en.html',
  },
  {
    id: 'load-balancer',
    term: 'load balancer',
    forms: ['load balancers', 'balancer'],
    says: 'What stands before several machines and shares the visitors out among them. Nginx can be one.',
    iis: 'Application Request Routing, or YARP.',
    source: `${NGINX}/http/load_balancing.html`,
  },
  {
    id: 'location',
    term: 'location block',
    forms: ['location blocks'],
    says: 'A block of Nginx’s configuration: what shall happen with requests whose path begins, or looks, like this.',
    iis: 'A virtual directory or a handler mapping.',
    source: `${NGINX}/http/ngx_http_core_module.html#location`,
  },
  {
    id: 'loopback',
    term: 'loopback',
    forms: ['127.0.0.1'],
    says: 'The address 127.0.0.1: a connection to it never leaves the machine, but every program on the machine can use it.',
    source: 'https://manpages.debian.org/bookworm/manpages/ip.7.en.html',
  },
  {
    id: 'master',
    term: 'master process',
    forms: ['master', 'masters'],
    says: 'The process that starts the workers, watches them and replaces the dead. No request ever passes through it.',
    iis: 'WAS does this for the processes of a pool.',
    source: `${UWSGI}/Glossary.html`,
  },
  {
    id: 'middleware',
    term: 'middleware',
    says: 'Code between server and app: to the server it is an app, to the app it is a server.',
    iis: 'The middleware of ASP.NET Core, or an IHttpModule.',
    source: 'https://peps.python.org/pep-3333/#middleware-components-that-play-both-sides',
  },
  {
    id: 'nginx',
    term: 'Nginx',
    says: 'The web server in front: it meets every visitor, sends files by itself and hands the rest on. It runs no Python.',
    iis: 'HTTP.sys together with the modules of IIS.',
    source: `${NGINX}/beginners_guide.html`,
  },
  {
    id: 'overlapped-recycle',
    term: 'overlapped recycle',
    forms: ['overlapped recycling'],
    says: 'What IIS does by default when it replaces a worker process: the new one starts first, then the old one finishes and goes.',
    source: `${IIS}/manage/provisioning-and-managing-iis/features-of-the-windows-process-activation-service-was`,
  },
  {
    id: 'owin',
    term: 'OWIN',
    says: 'An interface between .NET servers and apps: a function that takes a dictionary and returns a Task. The near twin of WSGI, but asynchronous.',
    source: `${CORE}/fundamentals/owin`,
  },
  {
    id: 'pid',
    term: 'pid',
    forms: ['pids'],
    says: 'The number of a process. A process that is started again gets another one, which is how you notice.',
    source: 'https://manpages.debian.org/bookworm/manpages/credentials.7.en.html',
  },
  {
    id: 'preforking',
    term: 'pre-fork',
    forms: ['pre-forking', 'pre-forked'],
    says: 'Workers are made before requests come: the app is loaded once in the master, then copied by fork.',
    source: `${UWSGI}/ThingsToKnow.html`,
  },
  {
    id: 'rapid-fail',
    term: 'rapid-fail protection',
    forms: ['rapid fail'],
    says: 'IIS stops a pool whose processes have crashed five times in five minutes, and then answers 503 until somebody starts it.',
    here: 'uWSGI never gives up on a worker. The start limit of systemd comes nearest, and it counts starts of the master only.',
    source: `${IIS}/configuration/system.applicationhost/applicationpools/add/failure`,
  },
  {
    id: 'recycle',
    term: 'recycle',
    forms: ['recycles', 'recycled', 'recycling'],
    says: 'To replace a worker process by a new one, because of its age, its requests or its memory. IIS does it every 29 hours by default, uWSGI only when told to.',
    source: `${IIS}/configuration/system.applicationhost/applicationpools/add/recycling/`,
  },
  {
    id: 'respawn',
    term: 'respawn',
    forms: ['respawns', 'respawned'],
    says: 'The master starts a new worker in place of one that has ended. It has the same number and another pid.',
    source: `${UWSGI}/Glossary.html`,
  },
  {
    id: 'reverse-proxy',
    term: 'reverse proxy',
    says: 'A server that takes requests in the name of others behind it and hands them on. Nginx is one here.',
    iis: 'Application Request Routing, or YARP.',
    source: `${NGINX}/http/ngx_http_proxy_module.html`,
  },
  {
    id: 'rss',
    term: 'RSS',
    forms: ['resident set size'],
    says: 'The memory of a process that is in RAM now. Pages that workers share since the fork count for each of them.',
    iis: 'privateMemory counts only what the process has for itself, and in kilobytes; reload-on-rss counts megabytes.',
    source: 'https://manpages.debian.org/bookworm/procps/ps.1.en.html',
  },
  {
    id: 'signal',
    term: 'signal',
    forms: ['signals', 'SIGTERM', 'SIGHUP', 'SIGKILL'],
    says: 'A short message from one process to another: stop (SIGTERM), read your configuration again (SIGHUP). SIGKILL is not delivered, it ends the process.',
    source: 'https://manpages.debian.org/bookworm/manpages/signal.7.en.html',
  },
  {
    id: 'static-file',
    term: 'static file',
    forms: ['static files'],
    says: 'A file that is sent as it lies on the disk, such as a style sheet. Nginx sends it without Python.',
    iis: 'The static file module, in w3wp.exe. An ASP.NET Core app sends its own.',
    source: `${CORE}/host-and-deploy/iis/modules`,
  },
  {
    id: 'systemd',
    term: 'systemd',
    says: 'The first process of most Linux systems. It starts the servers when the machine starts, and again when they fail, as their unit files say.',
    iis: 'The Service Control Manager of Windows.',
    source: 'https://manpages.debian.org/bookworm/systemd/systemd.service.5.en.html',
  },
  {
    id: 'tls',
    term: 'TLS',
    forms: ['HTTPS'],
    says: 'The encryption of HTTPS. Here it ends at Nginx; from there to Python the bytes are plain and stay on the machine.',
    iis: 'It ends in HTTP.sys, in the kernel.',
    source: `${NGINX}/http/configuring_https_servers.html`,
  },
  {
    id: 'unix-socket',
    term: 'Unix socket',
    forms: ['Unix domain socket', 'Unix sockets'],
    says: 'A way between processes of one machine that looks like a file. Who may connect, the rights of the file decide.',
    iis: 'A named pipe comes near; FastCGI in IIS uses one by default.',
    source: 'https://manpages.debian.org/bookworm/manpages/unix.7.en.html',
  },
  {
    id: 'upstream',
    term: 'upstream',
    says: 'Nginx’s word for the server, or the group of servers, that it hands requests to.',
    iis: 'A server farm in Application Request Routing.',
    source: `${NGINX}/http/ngx_http_upstream_module.html`,
  },
  {
    id: 'uwsgi-protocol',
    term: 'uwsgi protocol',
    says: 'The binary form in which Nginx hands a request to uWSGI. It is written small; a browser cannot speak it, and it must never face the network.',
    source: `${UWSGI}/Protocol.html`,
  },
  {
    id: 'uwsgi',
    term: 'uWSGI',
    says: 'The second server: the program that loads your Python app and runs it in several worker processes.',
    iis: 'One instance of it does what an application pool and its w3wp.exe do.',
    source: `${UWSGI}/WSGIquickstart.html`,
  },
  {
    id: 'venv',
    term: 'virtual environment',
    forms: ['venv', 'virtual environments'],
    says: 'A folder with a Python and the packages of one app, apart from those of the system.',
    iis: 'The packages that a project brings along, instead of assemblies installed for the whole machine.',
    source: 'https://docs.python.org/3/library/venv.html',
  },
  {
    id: 'w3wp',
    term: 'w3wp.exe',
    forms: ['w3wp'],
    says: 'The worker process of IIS. Many requests run in it at the same time, each on a thread.',
    here: 'A uWSGI worker, with one request at a time unless threads says otherwise.',
    source: `${IIS}/get-started/introduction-to-iis/introduction-to-iis-architecture`,
  },
  {
    id: 'was',
    term: 'WAS',
    says: 'Windows Process Activation Service: it starts the worker processes of IIS, pings them and recycles them.',
    here: 'The uWSGI master does this for its workers.',
    source: `${IIS}/manage/provisioning-and-managing-iis/features-of-the-windows-process-activation-service-was`,
  },
  {
    id: 'web-farm',
    term: 'web farm',
    forms: ['web farms'],
    says: 'Several machines that answer for one site, with something in front that chooses between them.',
    iis: 'The same word. In Nginx it is an upstream with several servers.',
    source: `${CORE}/host-and-deploy/web-farm`,
  },
  {
    id: 'web-garden',
    term: 'web garden',
    forms: ['web gardens'],
    says: 'Several worker processes of one pool on one machine. In IIS that is rare; with Python it is the normal case.',
    iis: 'maxProcesses of a pool, 1 by default.',
    source: `${IIS}/configuration/system.applicationhost/applicationpools/add/processmodel`,
  },
  {
    id: 'worker',
    term: 'worker process',
    forms: ['worker', 'workers', 'worker processes'],
    says: 'A process that runs your code. A uWSGI worker takes one request at a time, by itself, from the socket that all of them share.',
    iis: 'w3wp.exe.',
    source: `${UWSGI}/articles/SerializingAccept.html`,
  },
  {
    id: 'wsgi',
    term: 'WSGI',
    says: 'Web Server Gateway Interface: how a Python server calls an app. The app takes a dictionary with the request and returns bytes.',
    iis: 'OWIN was the same idea for .NET.',
    source: 'https://peps.python.org/pep-3333/',
  },
];

/** What it is called, or done by, on the other side, and which side that is; null where there is nothing to say. */
export function counterpart({ iis, here }: Term): { readonly side: string; readonly says: string } | null {
  if (iis) return { side: 'In IIS', says: iis };
  return here ? { side: 'Here', says: here } : null;
}
