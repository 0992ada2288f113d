"""The shop as a plain WSGI application, with nothing but the standard library. module = shop_wsgi:application"""

import json
import traceback
from html import escape
from string import Template
from urllib.parse import parse_qsl

from catalogue import PRODUCTS, find, order, who

PAGE = Template('<!doctype html>\n<title>$title</title>\n$body\n')
ITEM = Template('<li>$name: $price euros</li>')


class Problem(Exception):
    """Ends a request with a status and a sentence."""

    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


def page(title, body):
    return 'text/html; charset=utf-8', PAGE.substitute(title=title, body=body)


def home(environ):
    return page('The shop', f'<p>Hello from {who()}, plain WSGI</p>')


def products(environ):
    items = [ITEM.substitute(name=escape(one['name']), price=one['price']) for one in PRODUCTS]
    return page('Products', '<ul>\n{}\n</ul>'.format('\n'.join(items)))


def products_json(environ):
    return 'application/json', json.dumps(PRODUCTS)


def product(environ):
    number = environ['PATH_INFO'].removeprefix('/products/').rstrip('/')
    found = find(int(number)) if number.isdigit() else None
    if found is None:
        raise Problem('404 Not Found', 'There is no such product.')
    return page(escape(found['name']), f"<p>{escape(found['name'])}</p>")


def orders(environ):
    if environ['REQUEST_METHOD'] != 'POST':
        raise Problem('405 Method Not Allowed', 'Send the form with POST.')
    form = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)).decode()
    try:
        sentence = order(dict(parse_qsl(form)))
    except (KeyError, ValueError):
        raise Problem('400 Bad Request', 'The order makes no sense.') from None
    return page('Ordered', f'<p>{escape(sentence)}</p>')


def error(environ):
    raise RuntimeError('the shop is broken')


PAGES = {'/': home, '/products/': products, '/products.json': products_json, '/orders/': orders, '/error': error}


def application(environ, start_response):
    path = environ['PATH_INFO']
    view = PAGES.get(path) or (product if path.startswith('/products/') else None)
    status = '200 OK'
    try:
        if view is None:
            raise Problem('404 Not Found', f'There is no page {path}')
        kind, text = view(environ)
    except Problem as problem:
        status, (kind, text) = problem.status, page(problem.status, f'<p>{escape(str(problem))}</p>')
    except Exception:
        # What a framework does for you: write the traceback to the log, answer with a page, live on.
        traceback.print_exc(file=environ['wsgi.errors'])
        status, (kind, text) = '500 Internal Server Error', page('500 Internal Server Error', '<p>The shop has a fault.</p>')
    body = text.encode()
    start_response(status, [('Content-Type', kind), ('Content-Length', str(len(body)))])
    return [body]
