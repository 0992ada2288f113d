"""The shop: it says how the visitor came, as far as it was told."""

import os

import uwsgi


def application(environ, start_response):
    page = PAGES.get(environ['PATH_INFO'])
    if page is None:
        status, text = '404 Not Found', 'The shop has no such page\n'
    else:
        status, text = '200 OK', page(environ)
    body = text.encode()
    start_response(status, [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]


def hello(environ):
    return f'Hello from worker {uwsgi.worker_id()} (pid {os.getpid()})\n'


def how(environ):
    """How the visitor came, and the link that a mail to them would carry."""
    scheme = environ['wsgi.url_scheme']
    host = environ['HTTP_HOST']
    return (
        f'worker {uwsgi.worker_id()} was told:\n'
        f'scheme  {scheme}\n'
        f'HTTPS   {environ.get("HTTPS", "(not set)")}\n'
        f'visitor {environ["REMOTE_ADDR"]}\n'
        f'link    {scheme}://{host}/pay\n'
    )


PAGES = {'/': hello, '/how': how}
