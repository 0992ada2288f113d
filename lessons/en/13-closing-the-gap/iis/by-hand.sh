uwsgi --plugin python3 \
    --http-socket 127.0.0.1:8000 \
    --virtualenv /srv/shop/venv \
    --chdir /srv/shop/app \
    --module wsgi:application \
    --master --processes 2
