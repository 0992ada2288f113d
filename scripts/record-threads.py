"""The application of a lesson, with a watch: for scripts/record-threads.ts, which writes down what the real uWSGI does with it.

Every request says, in a line of WATCH_LOG, which worker and which thread answered it, when, and with how much processor time.
What computes does so in small pieces, and notes when each of them was done: a gap between two means that its thread had to wait.
"""

import json
import os
import sys
import threading
import time

sys.path.insert(0, os.environ['WATCH_APP'])

import uwsgi
import wsgi

PIECE = 2000
# Longer than this (s) from the end of one piece to the end of the next: somebody else was at it.
PAUSE = 0.001

work = wsgi.work
mine = threading.local()


def work_in_pieces(n):
    total = 0
    since = last = time.monotonic()
    for _ in range(n // PIECE):
        total += work(PIECE)
        now = time.monotonic()
        if now - last > PAUSE:
            mine.turns.append((since, last))
            since = now
        last = now
    mine.turns.append((since, last))
    return total


wsgi.work = work_in_pieces


def application(environ, start_response):
    mine.turns = []
    begin, cpu = time.monotonic(), time.thread_time()
    body = wsgi.application(environ, start_response)
    said = {
        'worker': uwsgi.worker_id(),
        'thread': environ.get('uwsgi.core', 0),
        'from': begin,
        'to': time.monotonic(),
        'cpu': time.thread_time() - cpu,
        'turns': mine.turns,
        'python': sys.version.split()[0],
        'switchInterval': sys.getswitchinterval(),
    }
    with open(os.environ['WATCH_LOG'], 'a') as log:
        log.write(json.dumps(said) + '\n')
    return body
