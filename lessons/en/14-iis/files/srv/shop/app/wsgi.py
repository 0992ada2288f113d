"""The shop, as any WSGI server can call it."""

import os
import time
from urllib.parse import parse_qs

import uwsgi


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


def hello(environ):
    return f'Hello from {who()}\n'


def here(environ):
    """What the server says of itself to the app."""
    return f'several processes: {environ["wsgi.multiprocess"]}, several threads: {environ["wsgi.multithread"]}\n'


def slow(environ):
    """Waits, as for a database: /slow?ms=1000"""
    query = parse_qs(environ['QUERY_STRING'])
    ms = int(query.get('ms', ['1000'])[0])
    time.sleep(ms / 1000)
    return f'{who()} waited {ms} ms\n'


# not /static/: that is for Nginx
PAGES = {
    '/': hello,
    '/slow': slow,
    '/here': here,
}


def application(environ, start_response):
    page = PAGES.get(environ['PATH_INFO'])
    status = '200 OK' if page else '404 Not Found'
    body = (page(environ) if page else 'The shop has no such page\n').encode()
    start_response(status, [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]
