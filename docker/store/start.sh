#!/bin/sh
# One SeaweedFS with everything in it, and the bucket.
set -eu
umask 077
cat > /tmp/s3.json <<JSON
{"identities": [{"name": "runform", "actions": ["Admin"],
  "credentials": [{"accessKey": "$S3_ACCESS_KEY", "secretKey": "$S3_SECRET_KEY"}]}]}
JSON
(
    until echo "s3.bucket.create -name $S3_BUCKET" | /opt/venv/bin/weed shell -master 127.0.0.1:9333 > /tmp/bucket.log 2>&1 \
        && echo s3.bucket.list | /opt/venv/bin/weed shell -master 127.0.0.1:9333 | grep -q "$S3_BUCKET"; do sleep 2; done
) &
# Only S3 is open to other containers; volumes are small files that grow, and are made as they are needed.
exec /opt/venv/bin/weed server -dir=/data -ip=127.0.0.1 -ip.bind=127.0.0.1 -master.volumeSizeLimitMB=1024 -volume.max=0 \
    -master.telemetry=false \
    -filer -s3 -s3.ip.bind=0.0.0.0 -s3.port=8333 -s3.config=/tmp/s3.json
