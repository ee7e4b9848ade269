# What an agent does with the usual tools.
set -e
cp -a /etc/hostname /tmp/h
tar -C /etc -czf /tmp/x.tgz hostname
tar -C /tmp -xzf /tmp/x.tgz
find /etc -maxdepth 1 -type f >/tmp/list
sort -o /tmp/sorted /tmp/list
timeout 5 sleep 0
if command -v git >/dev/null; then
  git init -q /tmp/g
  git -C /tmp/g -c user.email=a@example.com -c user.name=a commit -q --allow-empty -m first
fi
if command -v curl >/dev/null; then
  curl -sS -o /dev/null http://127.0.0.1:1/ 2>/tmp/error || [ $? = 7 ]
fi
echo ok
