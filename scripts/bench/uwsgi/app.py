"""The application of the benchmark: what a worker does for most sites, what keeps a processor busy, and what only waits."""

import json
import time

PRODUCTS = [{'id': n, 'name': f'Product {n}', 'price': n * 1.25, 'stock': n % 7} for n in range(50)]
PIECES = [b'x' * 1023 + b'\n'] * 10
PRIMES_BELOW = 65_000
WAIT = 0.05


def primes():
    sieve = bytearray([1]) * PRIMES_BELOW
    for n in range(2, PRIMES_BELOW):
        if sieve[n]:
            for multiple in range(n * n, PRIMES_BELOW, n):
                sieve[multiple] = 0
    return sum(sieve[2:])


def pieces():
    yield from PIECES


def application(environ, start_response):
    path = environ['PATH_INFO']
    kind, length = 'text/plain', None
    if path == '/json':
        kind, body = 'application/json', [json.dumps(PRODUCTS).encode()]
    elif path == '/stream':
        body, length = pieces(), sum(map(len, PIECES))
    elif path == '/cpu':
        body = [b'%6d\n' % primes()]
    elif path == '/slow':
        time.sleep(WAIT)
        body = [b'I slept.\n']
    else:
        body = [b'Hello, world!\n']
    start_response('200 OK', [('Content-Type', kind), ('Content-Length', str(length or len(body[0])))])
    return body
