#!/bin/sh
# Choose plain HTTP or TLS by what is mounted, name the web servers, and go.
set -eu
conf=/etc/nginx/runform run=/run/proxy

# The name server of this network, so that web servers may come and go.
echo "resolver $(awk '/^nameserver/ { print ($2 ~ /:/) ? "[" $2 "]" : $2; exit }' /etc/resolv.conf) valid=5s;" > $run/resolver.conf
echo "map \"\" \$web { default \"${RUNFORM_WEB:-web:8000}\"; }" > $run/web.conf
if [ -s /etc/runform/tls/fullchain.pem ] && [ -s /etc/runform/tls/privkey.pem ]; then
    ln -sf $conf/tls.conf $run/server.conf
    # Certificates are renewed while we run.
    while sleep 6h; do nginx -c $conf/nginx.conf -s reload; done &
else
    ln -sf $conf/plain.conf $run/server.conf
fi
nginx -t -q -c $conf/nginx.conf
exec nginx -c $conf/nginx.conf -g "daemon off;"
