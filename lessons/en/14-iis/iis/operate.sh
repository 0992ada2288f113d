# the worker processes
ps aux

# replace them, losing nobody
kill -HUP <pid of the master>

# see the settings, change them
# in the file
cat /srv/shop/uwsgi.ini
