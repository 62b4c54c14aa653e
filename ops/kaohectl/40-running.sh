# shellcheck shell=bash
# Start, look, stop.

up() {
  [ -f secrets/kaohe_postgres_password ] || fail "$EXIT_PRECONDITION" "secrets/ 不完整" "secrets/ is not complete"
  note "启动中;首次启动须建立数据库,约一分钟 …" "starting; the first start makes the databases, about a minute …"
  compose up -d --wait --wait-timeout 300 || { status; fail "$EXIT_DOWN" "有部分未就绪,见上;日志:./kaohectl logs 服务名" "not everything is ready, see above; logs: ./kaohectl logs SERVICE"; }
  journal up
  good "就绪:$(origin)" "ready: $(origin)"
}

origin() { setting KAOHE_PUBLIC_ORIGINS | tr -d '[]"'; }

status() {
  compose ps --all --format '{{.Service}}\t{{.State}}\t{{.Health}}\t{{.RunningFor}}' | sort | column -t -s "$(printf '\t')" 2>/dev/null || compose ps --all
}

# One request through the door, as a browser would.
reachable() {
  local port
  port=$(setting KAOHE_HTTPS_PORT)
  curl -fsSk --max-time 10 --resolve "$(setting KAOHE_SITE):$port:127.0.0.1" -o /dev/null "https://$(setting KAOHE_SITE):$port/health/ready"
}
