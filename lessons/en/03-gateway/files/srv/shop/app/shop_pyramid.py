"""The shop in Pyramid. module = shop_pyramid:application"""

import logging
from html import escape
from string import Template

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPInternalServerError, HTTPNotFound
from pyramid.response import Response

from catalogue import PRODUCTS, find, order, who

PAGE = Template('<!doctype html>\n<title>$title</title>\n$body\n')
ITEM = Template('<li>$name: $price euros</li>')


def page(title, body):
    return Response(PAGE.substitute(title=title, body=body))


def home(request):
    return page('The shop', f'<p>Hello from {who()}, Pyramid</p>')


def products(request):
    items = [ITEM.substitute(name=escape(one['name']), price=one['price']) for one in PRODUCTS]
    return page('Products', '<ul>\n{}\n</ul>'.format('\n'.join(items)))


def products_json(request):
    return PRODUCTS


def product(request):
    number = request.matchdict['number']
    found = find(int(number)) if number.isdigit() else None
    if found is None:
        raise HTTPNotFound
    return page(escape(found['name']), f"<p>{escape(found['name'])}</p>")


def orders(request):
    try:
        sentence = order(request.POST)
    except (KeyError, ValueError):
        raise HTTPBadRequest from None
    return page('Ordered', f'<p>{escape(sentence)}</p>')


def error(request):
    raise RuntimeError('the shop is broken')


def fault(exception, request):
    """Pyramid leaves an exception to the server unless a view takes it."""
    logging.getLogger(__name__).error('Internal Server Error: %s', request.path, exc_info=exception)
    return HTTPInternalServerError()


def make_application():
    with Configurator() as config:
        for name, path, view, options in [
            ('home', '/', home, {}),
            ('products', '/products/', products, {}),
            ('products.json', '/products.json', products_json, {'renderer': 'json'}),
            ('product', '/products/{number}/', product, {}),
            ('orders', '/orders/', orders, {'request_method': 'POST'}),
            ('error', '/error', error, {}),
        ]:
            config.add_route(name, path)
            config.add_view(view, route_name=name, **options)
        config.add_exception_view(fault, context=Exception)
        return config.make_wsgi_app()


application = make_application()
