"""The shop: pages that Python makes."""

import os

import uwsgi

# Belongs in the environment. Here it shows what a copy of this file gives away.
DATABASE = 'postgresql://shop:blue-kettle@db1/shop'


def application(environ, start_response):
    if environ['PATH_INFO'] != '/':
        status, text = '404 Not Found', 'The shop has no such page\n'
    else:
        status, text = '200 OK', f'Hello from worker {uwsgi.worker_id()} (pid {os.getpid()})\n'
    body = text.encode()
    start_response(status, [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]
