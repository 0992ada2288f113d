from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=['localhost'], SECRET_KEY='of this lesson only')


def home(request):
    return HttpResponse('Hello from Django\n')


urlpatterns = [path('', home)]
application = get_wsgi_application()
