# on the server
python3 -m venv /srv/shop/venv
git clone \
  /var/lib/git/shop.git \
  /srv/shop/app
/srv/shop/venv/bin/pip install \
  -r /srv/shop/app/requirements.txt

# does it import?
cd /srv/shop/app
/srv/shop/venv/bin/python \
  -c "import wsgi"
