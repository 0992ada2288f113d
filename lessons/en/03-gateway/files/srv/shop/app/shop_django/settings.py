"""No more than the shop needs: no database, no sessions, no users."""

from pathlib import Path

APP = Path(__file__).parent.parent

DEBUG = False
# Of this course only. A real one is long, random, and not in the repository.
SECRET_KEY = 'nobody signs anything with this one'
ALLOWED_HOSTS = ['localhost']
ROOT_URLCONF = 'shop_django.urls'
USE_I18N = False
USE_TZ = True
# Django has the whole process keep this time, its log too.
TIME_ZONE = 'UTC'
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [APP / 'templates']}]
# Without this an exception is only mailed to administrators, whom nobody has named.
LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'handlers': {'log': {'class': 'logging.StreamHandler'}},
    'loggers': {'django.request': {'handlers': ['log'], 'level': 'ERROR'}},
}
