"""The shop: one page, which names two files that are no business of Python."""

import os

import uwsgi

# Belongs in the environment. Here it shows what a leak gives away.
DATABASE = 'postgresql://shop:blue-kettle@db1/shop'

PAGE = """<!doctype html>
<html lang="en">
<title>The shop</title>
<link rel="stylesheet" href="/static/site.css">
<h1>The shop</h1>
<img src="/images/logo.svg" alt="A kettle">
<p>Hello from worker {worker} (pid {pid})</p>
</html>
"""


def application(environ, start_response):
    if environ['PATH_INFO'] != '/':
        status, kind, text = '404 Not Found', 'text/plain', 'Python says: the shop has no such page\n'
    else:
        status, kind, text = '200 OK', 'text/html', PAGE.format(worker=uwsgi.worker_id(), pid=os.getpid())
    body = text.encode()
    start_response(status, [('Content-Type', kind), ('Content-Length', str(len(body)))])
    return [body]
