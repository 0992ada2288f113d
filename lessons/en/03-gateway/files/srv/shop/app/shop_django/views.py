from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from catalogue import PRODUCTS, find, order, who


def home(request):
    return HttpResponse(f'<!doctype html>\n<title>The shop</title>\n<p>Hello from {who()}, Django</p>\n')


def products(request):
    return render(request, 'products.html', {'products': PRODUCTS})


def products_json(request):
    return JsonResponse(PRODUCTS, safe=False)


def product(request, number):
    found = find(number)
    if found is None:
        raise Http404
    return HttpResponse(format_html('<!doctype html>\n<p>{}</p>\n', found['name']))


@require_POST
def orders(request):
    try:
        sentence = order(request.POST)
    except (KeyError, ValueError):
        return HttpResponseBadRequest('The order makes no sense.\n')
    return HttpResponse(format_html('<!doctype html>\n<p>{}</p>\n', sentence))


def error(request):
    raise RuntimeError('the shop is broken')
