"""Django REST framework on the database of rows.py: its ways to page, JSON:API, a throttle, JSON Web Tokens, children.

    python drf.py DATABASE PORT
"""
import socketserver
import sys
from wsgiref import simple_server

import django
from django.conf import settings

DATABASE, PORT = sys.argv[1:3]
settings.configure(
    SECRET_KEY="a secret of a test, with at least 32 bytes",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    REST_FRAMEWORK={"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": []},
)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import models
from django.urls import path
from rest_framework import generics, pagination, serializers
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView
from rest_framework_json_api.pagination import JsonApiPageNumberPagination
from rest_framework_json_api.renderers import JSONRenderer as JSONAPIRenderer
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication
from rest_framework_simplejwt.tokens import AccessToken
from rest_framework.permissions import IsAuthenticated


class Item(models.Model):
    name = models.TextField()
    price = models.FloatField()
    note = models.TextField(null=True)
    big = models.BigIntegerField()
    created = models.TextField()
    modified = models.TextField()
    author = models.IntegerField()

    class Meta:
        app_label, db_table, managed = "shop", "items", False

    class JSONAPIMeta:
        resource_name = "items"


class Author(models.Model):
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = "shop", "authors", False


class Items(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ["id", "name", "price", "note", "big", "created", "modified", "author"]


class Authors(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "name"]


class ByPage(pagination.PageNumberPagination):
    page_size, page_size_query_param, max_page_size = 50, "page_size", 200


class ByOffset(pagination.LimitOffsetPagination):
    default_limit, max_limit = 50, 200


class ByCursor(pagination.CursorPagination):
    page_size, ordering = 50, "id"


class ByJSONAPIPage(JsonApiPageNumberPagination):
    page_size, max_page_size = 50, 200


class Throttle(AnonRateThrottle):
    rate = "5/second"


class List(generics.ListAPIView):
    serializer_class = Items

    def get_queryset(self):
        rows = Item.objects.order_by("id")
        if since := self.request.query_params.get("modified_since"):
            rows = rows.filter(modified__gte=since)
        if author := self.kwargs.get("author"):
            rows = rows.filter(author=author)
        return rows


class AuthorList(generics.ListAPIView):
    serializer_class, queryset, pagination_class = Authors, Author.objects.order_by("id"), ByPage


class Token(APIView):
    def post(self, request):
        if request.data != {"username": "reader", "password": "a password of a test"}:
            return Response({"detail": "No active account found with the given credentials"}, status=401)
        token = AccessToken()
        token["user_id"] = 1
        return Response({"access": str(token), "refresh": ""})


urlpatterns = [
    path("page/", List.as_view(pagination_class=ByPage)),
    path("offset/", List.as_view(pagination_class=ByOffset)),
    path("cursor/", List.as_view(pagination_class=ByCursor)),
    path("jsonapi/", List.as_view(pagination_class=ByJSONAPIPage, renderer_classes=[JSONAPIRenderer])),
    path("throttled/", List.as_view(pagination_class=ByPage, throttle_classes=[Throttle])),
    path("private/", List.as_view(pagination_class=ByPage, authentication_classes=[JWTStatelessUserAuthentication], permission_classes=[IsAuthenticated])),
    path("token/", Token.as_view()),
    path("authors/", AuthorList.as_view()),
    path("authors/<int:author>/items/", List.as_view(pagination_class=ByPage)),
]


class Server(socketserver.ThreadingMixIn, simple_server.WSGIServer):
    daemon_threads = True


class Quiet(simple_server.WSGIRequestHandler):
    def log_message(self, *args):
        pass


simple_server.make_server("127.0.0.1", int(PORT), get_wsgi_application(), Server, Quiet).serve_forever()
