# Nginx, on Linux
systemctl status nginx
systemctl stop nginx
systemctl start nginx
systemctl enable nginx
ss -ltnp
