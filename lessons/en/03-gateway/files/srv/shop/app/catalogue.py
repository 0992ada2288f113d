"""What the shop sells. The same for all four ways to write it: plain WSGI, Flask, Django and Pyramid."""

import os

import uwsgi

PRODUCTS = [
    {'id': 1, 'name': 'Tea & a cup', 'price': 12},
    {'id': 2, 'name': 'Notebook', 'price': 5},
    {'id': 3, 'name': 'Lamp <small>', 'price': 30},
]


def find(product):
    """The product with this id, or None."""
    return next((one for one in PRODUCTS if one['id'] == product), None)


def order(fields):
    """The sentence for an order, from the fields of a form. Raises ValueError when they make no sense."""
    product, quantity = find(int(fields['product'])), int(fields['quantity'])
    if product is None or quantity < 1:
        raise ValueError('there is nothing to order')
    return f"{quantity} x {product['name']}: {quantity * product['price']} euros"


def who():
    return f'worker {uwsgi.worker_id()} (pid {os.getpid()})'
