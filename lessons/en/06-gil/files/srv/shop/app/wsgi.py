"""The shop has two kinds of slow pages: one waits, the other computes."""

import os
import time
from urllib.parse import parse_qs

import uwsgi


def wait(query):
    """Waits, as for a database: /wait?ms=1000"""
    ms = int(query.get('ms', ['1000'])[0])
    time.sleep(ms / 1000)
    return f'{who()} waited {ms} ms\n'


def burn(query):
    """Computes: /burn?n=2000000"""
    n = int(query.get('n', ['2000000'])[0])
    return f'{who()} computed {work(n)}\n'


def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


def hello(query):
    return f'Hello from {who()}\n'


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


PAGES = {'/': hello, '/wait': wait, '/burn': burn}


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
