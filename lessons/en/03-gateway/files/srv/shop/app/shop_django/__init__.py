"""The shop in Django. module = shop_django.wsgi:application"""
