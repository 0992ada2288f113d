#!/bin/sh
# A new version: fetch it, install what it needs, and reload without losing anyone.
git -C /srv/shop/app pull
/srv/shop/venv/bin/pip install -q -r /srv/shop/app/requirements.txt
systemctl reload shop
