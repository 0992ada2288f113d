from django.urls import path

from . import views

urlpatterns = [
    path('', views.home),
    path('products/', views.products),
    path('products.json', views.products_json),
    path('products/<int:number>/', views.product),
    path('orders/', views.orders),
    path('error', views.error),
]
