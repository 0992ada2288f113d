"""A hostile lesson: what a shared link could carry. Answers with what each attempt got."""

import json
import socket
import subprocess
import urllib.request

import js
import pyodide.code
import pyodide.http

NAMES = ('document', 'window', 'self', 'globalThis', 'parent', 'opener', 'top', 'localStorage', 'indexedDB', 'caches')
NAMES += ('fetch', 'XMLHttpRequest', 'WebSocket', 'Worker', 'MessagePort', 'BroadcastChannel', 'importScripts', 'navigator')


def outcome(work):
    try:
        return {'got': str(work())}
    except BaseException as error:  # an attacker catches everything
        return {'refused': f'{type(error).__name__}: {error}'[:300]}


def talk(host, port):
    connection = socket.create_connection((host, port), timeout=2)
    connection.sendall(b'GET / HTTP/1.0\r\n\r\n')
    answer = connection.recv(100)
    if not answer:
        raise OSError('no answer')
    return answer


def attempts(site):
    host, port = site.removeprefix('http://').split(':')
    tries = {f'js.{name}': lambda name=name: getattr(js, name) for name in NAMES}
    tries |= {
        'a function made of text': lambda: js.Object.new().constructor.constructor('return self')(),
        'run_js': lambda: pyodide.code.run_js('self.origin'),
        'open_url': lambda: pyodide.http.open_url(site + '/'),
        'urllib': lambda: urllib.request.urlopen(site + '/', timeout=2).status,
        'an answer through a socket': lambda: talk(host, int(port)),
        'a subprocess': lambda: subprocess.run(['true'], check=True),
    }
    return {name: outcome(work) for name, work in tries.items()}


def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps(attempts(environ['QUERY_STRING'])).encode()]
