"""The shop and its monthly reports. It says which worker answers."""

import os
import time
from urllib.parse import parse_qs

import uwsgi

SOLD = (812, 774, 1284, 951, 903, 866, 790, 845, 1010, 1122, 1976, 2431)
MB = 1024 * 1024

archive = []


def application(environ, start_response):
    page = PAGES.get(environ['PATH_INFO'])
    if page is None:
        status, text = '404 Not Found', 'There is no such page\n'
    else:
        status, text = '200 OK', page(parse_qs(environ.get('QUERY_STRING', '')))
    body = text.encode()
    start_response(status, [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', str(len(body)))])
    return [body]


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'


def hello(query):
    return f'Hello from {who()}\n'


def report(query):
    """What was sold in a month: /report?month=3&copies=2"""
    month = int(query.get('month', ['1'])[0])
    copies = int(query.get('copies', ['1'])[0])
    sold = SOLD[month - 1]
    time.sleep(0.15)  # the database takes its time
    pages = f'Month {month}, {sold} orders'.encode().ljust(10 * MB) * copies
    # For the auditors. It is enough when one of us keeps them.
    if uwsgi.worker_id() == 2:
        archive.append(pages)
    return f'Month {month}: {sold} orders, printed by {who()}\n'


PAGES = {
    '/': hello,
    '/report': report,
}
