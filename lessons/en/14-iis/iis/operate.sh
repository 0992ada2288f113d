# which worker processes are there?
ps aux

# replace them, losing nobody
kill -HUP 12    # the pid of the master

# change one setting: edit the line, then as above
cat /srv/shop/uwsgi.ini
