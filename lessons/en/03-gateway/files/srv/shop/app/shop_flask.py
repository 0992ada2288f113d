"""The shop in Flask. module = shop_flask:app"""

from flask import Flask, abort, jsonify, render_template, request
from markupsafe import escape

from catalogue import PRODUCTS, find, order, who

app = Flask(__name__)


@app.get('/')
def home():
    return f'<!doctype html>\n<title>The shop</title>\n<p>Hello from {who()}, Flask</p>\n'


@app.get('/products/')
def products():
    return render_template('products.html', products=PRODUCTS)


@app.get('/products.json')
def products_json():
    return jsonify(PRODUCTS)


@app.get('/products/<int:number>/')
def product(number):
    found = find(number) or abort(404)
    return f"<!doctype html>\n<p>{escape(found['name'])}</p>\n"


@app.post('/orders/')
def orders():
    try:
        sentence = order(request.form)
    except (KeyError, ValueError):
        abort(400)
    return f'<!doctype html>\n<p>{escape(sentence)}</p>\n'


@app.get('/error')
def error():
    raise RuntimeError('the shop is broken')
