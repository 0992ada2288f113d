from pyramid.config import Configurator
from pyramid.response import Response


def home(request):
    return Response('Hello from Pyramid\n')


with Configurator() as config:
    config.add_route('home', '/')
    config.add_view(home, route_name='home')
    application = config.make_wsgi_app()
