# What lesson 12 ends with: an environment, the code, its packages. Harmless when they are there already.
test -d /srv/shop/venv || python3 -m venv /srv/shop/venv
test -d /srv/shop/app || git clone /var/lib/git/shop.git /srv/shop/app
/srv/shop/venv/bin/pip install -r /srv/shop/app/requirements.txt
