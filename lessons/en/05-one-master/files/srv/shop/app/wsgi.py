"""The shop counts its visitors, in a variable that all requests share. Or so it looks."""

import os
import time
from urllib.parse import parse_qs

import uwsgi

# These two lines run once, at import.
visits = 0
loaded_by = os.getpid()


def count(query):
    """One more visit: /count"""
    global visits
    visits += 1
    return f'{who()} counts {visits}\n'


def loaded(query):
    """Which process imported this file: /loaded"""
    return f'{who()} was loaded by pid {loaded_by}\n'


def hello(query):
    return f'Hello from {who()}\n'


def slow(query):
    """Waits, as for a database: /slow?ms=1000"""
    ms = int(query.get('ms', ['1000'])[0])
    time.sleep(ms / 1000)
    return f'{who()} waited {ms} ms\n'


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


PAGES = {'/': hello, '/count': count, '/loaded': loaded, '/slow': slow}


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
