"""What the workers of uWSGI do, in a few lines."""

import os
import socket

ANSWER = 'HTTP/1.0 200 OK\r\n\r\nworker {}\n'

listener = socket.create_server(
    ('127.0.0.1', 8000), backlog=100
)


def work(number):
    while True:
        visit, _ = listener.accept()
        visit.recv(4096)
        text = ANSWER.format(number)
        visit.sendall(text.encode())
        visit.close()


for number in range(1, 5):
    if os.fork() == 0:
        work(number)

os.wait()
