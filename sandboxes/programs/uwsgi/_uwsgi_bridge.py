"""Between the uWSGI worker and the WSGI application: loads the callable, then one call and one answer a request.

A request comes as its variables in JSON (C reads that in half the time that a loop here would take) with the body behind it. An answer goes
back as a small fixed head (see PIECE) and bytes to send as they are. Both lie on the desk, in Python's own memory, where JavaScript writes
and reads: an object that crosses between the two languages costs as much as a small application.
"""

import io
import json
import struct
import sys
import traceback
import types

from pyodide.ffi import to_js

# What is in the answer: DONE (FAILED after an exception), or MORE to ask for with proceed(); the HTTP status; number and bytes of headers,
# bytes of body; how many pieces the app gave.
PIECE = struct.Struct('<BHHIII')
DONE, MORE, EXIT, FAILED = 0, 1, 2, 3
# Added to it when the app has called uwsgi.reload().
RELOAD = 0x80

VERSION = b'2.0.21-debian'

# Large enough for nearly all; what is larger crosses as an object. Where a number stands for bytes, they are on the desk, and it is their size.
desk = bytearray(1 << 16)

_scan = json.JSONDecoder().scan_once
_application = None
_template = {}
_request = None
_reload = False
# Functions of JavaScript: no children are started from the memory of a process that answers requests.
_send = _tell = None
module = sys.modules['uwsgi'] = types.ModuleType('uwsgi', 'The uWSGI API of this process.')


def describe(worker, master, options):
    """What the `uwsgi` module tells the application about the process it is in."""
    global _reload
    # a wish that was uttered at import is not that of every worker which continues from there
    _reload = False
    options = options.to_py()
    node = options['node'].encode()
    module.__dict__.update(
        version=VERSION,
        version_info=(2, 0, 21, 0, 'debian'),
        hostname=node,
        numproc=options['processes'],
        buffer_size=options['buffer_size'],
        opt={key.encode(): value if value is True else value.encode() for key, value in options['opt'].items()},
        worker_id=lambda: worker,
        masterpid=lambda: master,
        log=lambda text: bool(sys.stderr.write(f'{text}\n')) or True,
        reload=reload,
    )
    _template.clear()
    _template.update({
        'wsgi.version': (1, 0),
        'wsgi.errors': sys.stderr,
        'wsgi.run_once': False,
        'wsgi.file_wrapper': FileWrapper,
        'wsgi.multithread': False,
        'wsgi.multiprocess': options['processes'] > 1,
        'uwsgi.version': VERSION,
        'uwsgi.node': node,
    })


def connect(send, tell):
    """Before the first request: `send` takes bytes that cannot wait for the end of a call, `tell` what the application gets."""
    global _send, _tell
    _send, _tell = send, tell


def reload():
    """Gracefully reload the whole instance, as SIGHUP to the master does: when this request is over."""
    global _reload
    _reload = True
    return True


def load_module(name, callable_name):
    """Import the application. Gives True, False when there is none, or the code it wants to exit with."""
    name, _, after = name.partition(':')
    return _load(lambda: _import(name), after or callable_name or 'application')


def load_file(path, callable_name):
    try:
        with open(path, 'rb') as file:
            source = file.read()
    except OSError:
        print(f'failed to open python file {path}', file=sys.stderr)
        return False

    def load():
        namespace = types.ModuleType('uwsgi_file_' + path.replace('/', '_').replace('.', '_'))
        namespace.__file__ = path
        sys.modules[namespace.__name__] = namespace
        exec(compile(source, path, 'exec'), namespace.__dict__)
        return namespace

    return _load(load, callable_name or 'application')


def module_files():
    """Where the modules that are loaded came from."""
    files = [getattr(module, '__file__', None) for module in list(sys.modules.values())]
    return to_js([file for file in files if isinstance(file, str)])


def _import(name):
    __import__(name)
    return sys.modules[name]


def _load(load, name):
    global _application
    try:
        namespace = load()
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        _report(error, __file__)
        return False
    _application = getattr(namespace, name, None)
    return _application is not None


def _exit_code(error):
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1


def _report(error, hidden):
    """Print an exception as C code does that called Python: without the frames of this file."""
    frames = []
    frame = error.__traceback__
    while frame:
        if frame.tb_frame.f_code.co_filename != hidden:
            frames.append(frame)
        frame = frame.tb_next
    seen = None
    for frame in reversed(frames):
        seen = types.TracebackType(seen, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    traceback.print_exception(type(error), error, seen)


class FileWrapper:
    """wsgi.file_wrapper: a file as an iterable of blocks."""

    def __init__(self, file, size=32768):
        self.file, self.size = file, size or 32768
        if hasattr(file, 'close'):
            self.close = file.close

    def __iter__(self):
        return iter(lambda: self.file.read(self.size), b'')


class Request:
    __slots__ = ('protocol', 'status', 'code', 'headers', 'sent', 'pieces', 'iterator', 'result', 'head_bytes', 'body_bytes', 'told')

    def __init__(self):
        self.protocol = 'HTTP/1.0'
        self.status = None
        self.code = 500
        self.headers = ()
        self.sent = False
        self.pieces = 0
        self.iterator = None
        self.result = None
        # what was sent and not told yet
        self.head_bytes = self.body_bytes = 0
        self.told = False

    def start_response(self, status, headers, exc_info=None):
        if self.sent:
            if exc_info:
                raise exc_info[1].with_traceback(exc_info[2])
            raise OSError('headers already sent')
        if not isinstance(status, str):
            raise TypeError('http status must be a string')
        if not isinstance(headers, list):
            raise TypeError('http headers must be in a python list')
        # what is right before the first mistake counts, as in uWSGI: an app that fails after this call has answered so
        self.status, self.headers = status, []
        self.code = int(status[:3]) if status[:3].isdigit() else 0
        for header in headers:
            if not isinstance(header, tuple):
                raise TypeError('http header must be defined in a tuple')
            if len(header) != 2:
                raise TypeError('http header must be a 2-item tuple')
            if not isinstance(header[0], str):
                raise TypeError('http header key must be a string')
            if not isinstance(header[1], str):
                raise TypeError('http header value must be a string')
            self.headers.append(header)
        return self.write

    def write(self, data):
        if isinstance(data, bytes) and data:
            head = self.head()
            self.body_bytes += len(data)
            # it has to be out before the app goes on
            _send(to_js(head + data))

    def head(self):
        """Status line and headers, once; nothing when the app has not called start_response."""
        if self.sent or self.status is None:
            return b''
        self.sent = True
        lines = [f'{self.protocol} {self.status}\r\n']
        lines += [f'{name}: {value}\r\n' for name, value in self.headers]
        lines.append('\r\n')
        head = ''.join(lines).encode('latin-1')
        self.head_bytes = len(head)
        return head

    def answer(self, done, body):
        global _reload
        head = self.head() if body or done != MORE else b''
        flags, _reload = RELOAD if _reload else 0, False
        headers = len(self.headers) if self.sent and not self.told else 0
        sizes = self.head_bytes, self.body_bytes + len(body)
        self.told, self.head_bytes, self.body_bytes = self.sent, 0, 0
        return _lay(PIECE.pack(done | flags, self.code, headers, *sizes, self.pieces) + head + body)

    def close(self):
        close = getattr(self.result, 'close', None)
        self.result = self.iterator = None
        if close is not None:
            close()


def _environ(variables, body):
    environ, _ = _scan(variables.decode('latin-1'), 0)
    environ.update(_template)
    environ['wsgi.input'] = io.BytesIO(body)
    environ['wsgi.url_scheme'] = environ.get('UWSGI_SCHEME') or ('https' if environ.get('HTTPS', '').lower() in ('on', '1') else 'http')
    return environ


def _told(environ):
    """The environ as JSON, all of it texts: strings as they are, anything else as repr writes it."""
    return json.dumps({name: value if type(value) is str else repr(value) for name, value in environ.items()})


def _taken(start, part):
    return desk[start : start + part] if isinstance(part, int) else part.to_bytes()


def _lay(piece):
    size = len(piece)
    if size > len(desk):
        return to_js(piece)
    desk[:size] = piece
    return size


def handle(variables, body, told):
    """
    Call the application. The body lies behind the variables; with `told`, what the application gets is told first. Gives the first piece
    of its answer, all of it when it is a list.
    """
    global _request
    request = _request = Request()
    return _guarded(request, _begin, variables, body, told)


def proceed():
    """The next piece of the answer."""
    return _guarded(_request, _next)


def abandon():
    """Nobody takes the answer any more."""
    return _guarded(_request, _abandon)


def _begin(request, variables, body, told):
    behind = variables if isinstance(variables, int) else 0
    environ = _environ(_taken(0, variables), _taken(behind, body))
    request.protocol = environ.get('SERVER_PROTOCOL') or request.protocol
    if told:
        _tell(_told(environ))
    result = request.result = _application(environ, request.start_response)
    if isinstance(result, bytes):
        return request.answer(DONE, result)
    if isinstance(result, (list, tuple)):
        body = b''.join([piece for piece in result if _is_bytes(piece)])
        request.pieces = len(result)
        request.close()
        return request.answer(DONE, body)
    request.iterator = iter(result)
    return _next(request)


def _is_bytes(piece):
    """What is not bytes is passed over, as uWSGI does, and said."""
    if isinstance(piece, bytes):
        return True
    print(f'[ERROR] Unhandled object from iterator: {piece!r} ({id(piece):#x})', file=sys.stderr)
    return False


def _next(request):
    for piece in request.iterator:
        request.pieces += 1
        if _is_bytes(piece) and piece:
            return request.answer(MORE, piece)
    request.close()
    return request.answer(DONE, b'')


def _abandon(request):
    request.close()
    return request.answer(DONE, b'')


def _guarded(request, work, *arguments):
    try:
        return work(request, *arguments)
    except SystemExit as error:
        return _lay(PIECE.pack(EXIT, _exit_code(error), 0, 0, 0, 0))
    except BaseException as error:
        _report(error, __file__)
        try:
            request.close()
        except BaseException as error:
            _report(error, __file__)
        return request.answer(FAILED, b'')
