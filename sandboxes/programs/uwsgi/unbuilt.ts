/** Real options of uWSGI that this sandbox's does not have: recognised, and refused in one sentence. */
export const UNBUILT: ReadonlySet<string> = new Set(
  `abstract-socket add-header alarm async attach-daemon auto-procname autoload base binary-path buffer-size-limit
  cap catch-exceptions cheap cheaper cheaper-algo cheaper-backlog cheaper-busyness-max cheaper-busyness-min
  cheaper-busyness-multiplier cheaper-busyness-penalty cheaper-initial cheaper-overload cheaper-rss-limit-soft cheaper-step
  check-static chroot close-on-exec close-on-exec2 cpu-affinity cron crons daemonize daemonize2 die-on-idle
  disable-sendfile disable-write-exception dynamic-apps early-psgi emperor emperor-stats enable-metrics enable-threads end
  evil-reload-on-as exec-as-root exec-as-user exec-post-app exec-pre-app fastrouter fcgi-socket file
  file-serve-mode for forkbomb-delay freebind get gevent gid-tables harakiri-graceful-timeout harakiri-verbose hook-as-user
  hook-post-app hook-pre-app http http-keepalive http-processes http-timeout http-to https https-socket idle if-env if-exists if-file
  ignore-sigpipe ignore-write-errors import include inherit ini-paste json keep-alive lazy legion limit-nproc limit-post listen-dynamic log-4xx
  log-5xx log-backupname log-big log-date log-encoder log-format log-master log-maxsize log-micros log-prefix log-reopen
  log-slow log-zero log-x-forwarded-for logdate logfile-chown logger logto logto2 loop master-as-root master-fifo max-fd
  max-requests-delta max-worker-lifetime-delta mount mule mules
  manage-script-name need-plugin need-plugins never-swap no-default-app no-orphans no-site offload-threads optimize paste pcre-jit pidfile
  pidfile2 ping plugin-dir plugins-dir post-buffering post-buffering-bufsize print procname procname-append procname-master
  procname-prefix procname-prefix-spaced protocol pup-tracebacker py-auto-reload py-autoreload py-call-osafterfork
  py-call-uwsgi-fork-hooks py-tracebacker pyargv pyhome home virtualenv venv pyimport python-auto-reload python-autoreload
  python-import pyshell pyrun queue rawrouter reaper register-proto reload-mercy reload-on-as reload-on-exception reload-on-fd
  remap-modifier req-logger reuse-port route rpc-max run-until-seconds safe-fd scgi-socket set-ph set-placeholder
  set shared-import shared-socket show-config signal signal-bufsize single-interpreter skip-atexit skip-zero smart-attach-daemon
  smart-attach-daemon2 so-keepalive so-send-timeout socket-protocol socket-sndbuf socket-rcvbuf socket-timeout http-socket-modifier1 spooler spooler-processes
  ssl-sessions-timeout static-check static-expires static-index static-map static-map2 stats-http stop reload strict-wsgi
  subscribe-to suwsgi-socket tcp-fast-open tcp-nodelay threads threads-stacksize thunder
  touch-logreopen touch-workers-reload umask unix undeferred-port-bind unshare upgradable uwsgi-file vassal-sos-backlog
  version wait-for-interface warn-wait workers-list wsgi-accept-buffer wsgi-disable-file-wrapper
  wsgi-env-behavior wsgi-env-behaviour wsgi-lite wsgi-manage-chunked-input wsgi-strict xml yaml yml zerg zerg-server zeus`.split(/\s+/),
);
