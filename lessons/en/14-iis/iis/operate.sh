# the worker processes
ps aux

# replace them, losing nobody
kill -HUP 12  # pid of the master

# see the settings, change them
# in the file
cat /srv/shop/uwsgi.ini
