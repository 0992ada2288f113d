"""The shop: a small WSGI application. It says which worker answers."""

import os
import time
from urllib.parse import parse_qs

import uwsgi


def application(environ, start_response):
    path = environ['PATH_INFO']
    query = parse_qs(environ.get('QUERY_STRING', ''))
    page = PAGES.get(path)
    if page is None:
        status, text = '404 Not Found', f'There is no page {path}\n'
    else:
        status, text = '200 OK', page(query)
    body = text.encode()
    start_response(status, [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', str(len(body)))])
    return [body]


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


def hello(query):
    return f'Hello from {who()}\n'


def slow(query):
    """Waits, as for a database: /slow?ms=1000"""
    ms = int(query.get('ms', ['1000'])[0])
    time.sleep(ms / 1000)
    return f'{who()} waited {ms} ms\n'


def cpu(query):
    """Computes: /cpu?n=200000"""
    n = int(query.get('n', ['200000'])[0])
    total = 0
    for i in range(n):
        total += i * i % 7
    return f'{who()} computed {total}\n'


visits = 0


def count(query):
    """Counts visits in a global variable, and every worker has its own."""
    global visits
    visits += 1
    return f'{who()} counts {visits}\n'


kept = []


def leak(query):
    """Keeps memory and never gives it back: /leak?mb=10"""
    mb = int(query.get('mb', ['10'])[0])
    kept.append(bytearray(mb * 1024 * 1024))
    return f'{who()} keeps {sum(map(len, kept)) // 1024 // 1024} MB\n'


def stuck(query):
    """Never comes back."""
    while True:
        pass


def error(query):
    """Raises an exception that nobody catches."""
    raise RuntimeError('the shop is broken')


def crash(query):
    """Ends the worker process in the middle of the request."""
    os._exit(1)


PAGES = {
    '/': hello,
    '/slow': slow,
    '/cpu': cpu,
    '/count': count,
    '/leak': leak,
    '/stuck': stuck,
    '/error': error,
    '/crash': crash,
}
