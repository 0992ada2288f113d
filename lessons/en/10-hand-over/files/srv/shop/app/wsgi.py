"""The shop: a small WSGI application. It says which worker answers, and what it knows of the visitor."""

import os
import time
from urllib.parse import parse_qs

import uwsgi


def application(environ, start_response):
    query = parse_qs(environ.get('QUERY_STRING', ''))
    page = PAGES.get(environ['PATH_INFO'], missing)
    status, text = page(environ, query)
    body = text.encode()
    start_response(status, [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', str(len(body)))])
    return [body]


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


def hello(environ, query):
    return '200 OK', f'Hello from {who()}\n'


def slow(environ, query):
    """Waits, as for a database: /slow?ms=1000"""
    ms = int(query.get('ms', ['1000'])[0])
    time.sleep(ms / 1000)
    return '200 OK', f'{who()} waited {ms} ms\n'


def seen(environ, query):
    """What the server in front has told us."""
    names = ['REMOTE_ADDR', 'REQUEST_SCHEME', 'SERVER_PORT', 'SERVER_PROTOCOL', 'HTTP_HOST']
    lines = [f'{name} = {environ.get(name)}' for name in names]
    return '200 OK', '\n'.join([who(), *lines]) + '\n'


def missing(environ, query):
    return '404 Not Found', f"There is no page {environ['PATH_INFO']}\n"


PAGES = {'/': hello, '/slow': slow, '/seen': seen}
