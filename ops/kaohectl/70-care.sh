# shellcheck shell=bash
# Looking after it: check-up, support bundle, offline bundle.

doctor() {
  local failed=0 free age hours parked
  free=$(df -Pk . | awk 'NR == 2 {print 100 - int($5)}')
  _verdict "$([ "$free" -ge 15 ] && echo yes)" "磁盘剩余 ${free}%" "${free}% of the disk is free" || failed=1
  _verdict "$(_clocks_agree && echo yes)" "数据库时钟与本机一致" "the database's clock agrees with the machine's" || failed=1
  age=$(_backup_age_hours)
  if [ -z "$age" ]; then bad "还没有备份" "there is no backup yet"; failed=1; else
    _verdict "$([ "$age" -lt 50 ] && echo yes)" "最近一次备份:${age} 小时前" "last backup: ${age} hours ago" || failed=1
  fi
  hours=$(_certificate_hours)
  if [ "$(setting KAOHE_TLS internal)" = internal ]; then  # lives twelve hours and is renewed by itself
    _verdict "$([ "$hours" -ge 1 ] && echo yes)" "自签证书剩余 ${hours} 小时,自动续签" "the own certificate lasts ${hours} hours and is renewed by itself" || failed=1
  else
    _verdict "$([ "$hours" -ge 336 ] && echo yes)" "证书剩余 $((hours / 24)) 天" "the certificate lasts $((hours / 24)) days" || failed=1
  fi
  _verdict "$(_fonts_print && echo yes)" "打印字体可用" "papers can be set: the fonts are there" || failed=1
  parked=$(_parked)
  _verdict "$([ "$parked" = 0 ] && echo yes)" "搁置的事件:$parked" "parked events: $parked" || failed=1
  smoke || failed=1
  return $failed
}

_verdict() { if [ "$1" = yes ]; then good "$2" "$3"; else bad "$2" "$3"; return 1; fi; }

_clocks_agree() {
  local theirs
  theirs=$(compose exec -T postgres psql -U postgres -AtXc "SELECT extract(epoch FROM clock_timestamp())::bigint")
  [ $((theirs - $(date +%s))) -le 2 ] && [ $(($(date +%s) - theirs)) -le 2 ]
}

_backup_age_hours() {
  local newest
  newest=$(newest_backup)
  [ -z "$newest" ] || echo $((($(date +%s) - $(date -u -d "${newest:0:8} ${newest:9:2}:${newest:11:2}:${newest:13:2}" +%s)) / 3600))
}

_certificate_hours() {
  local port until
  port=$(setting KAOHE_HTTPS_PORT)
  until=$(openssl s_client -connect "127.0.0.1:$port" -servername "$(setting KAOHE_SITE)" </dev/null 2>/dev/null | openssl x509 -noout -enddate 2>/dev/null | cut -d= -f2)
  if [ -n "$until" ]; then echo $((($(date -d "$until" +%s) - $(date +%s)) / 3600)); else echo 0; fi
}

# The folder with the Chinese fonts of printed papers, in the image that runs.
_fonts_print() {
  compose exec -T reporting python -I -c "import sys, pylopdf_fonts_zh_cn as f; sys.exit(not f.sans_path().is_file())" >/dev/null 2>&1
}

_parked() {
  local service sum=0 one
  for service in org targets submissions scoring reporting; do
    one=$(compose exec -T postgres psql -U postgres -d "kaohe_$service" -AtXc "SELECT count(*) FROM bus.inbox WHERE state = 'parked'" 2>/dev/null || echo 0)
    sum=$((sum + one))
  done
  echo $sum
}

# States, versions, sizes and the logs of the programs. Logs name no person (docs/architecture.md); data is not read.
support() {
  local folder
  folder=$(mktemp -d)
  status >"$folder/status.txt" 2>&1 || true
  doctor >"$folder/doctor.txt" 2>&1 || true
  docker version >"$folder/engine.txt" 2>&1 || true
  grep -E '^[A-Z]' .env | grep -vE 'NAME|SITE|ORIGIN|PASSWORD=|SECRET|KEY=|URL=' >"$folder/settings.txt"
  compose logs --no-color --since 24h org targets submissions scoring reporting gateway rabbitmq >"$folder/logs.txt" 2>&1 || true
  df -h -x overlay -x tmpfs -x devtmpfs >"$folder/disk.txt" && free -m >"$folder/memory.txt"
  tar -czf "$1" -C "$folder" .
  rm -rf "$folder"
  good "诊断包:$1" "support bundle: $1"
}

# Everything that a site without internet needs: images, this folder, checksums.
bundle() {
  local folder images
  folder=$(mktemp -d)
  images=$(compose --profile monitoring --profile previews config --images | sort -u)
  note "导出镜像 …" "saving the images …"
  # shellcheck disable=SC2086
  docker save $images | gzip -1 >"$folder/images.tar.gz"
  printf '%s\n' "$images" >"$folder/images.txt"
  sed "s|^KAOHE_IMAGE=.*|KAOHE_IMAGE=$(setting KAOHE_IMAGE)|" .env.example >"$folder/.env.example"
  tar -czf "$folder/kaohe.tar.gz" compose.yaml kaohectl ops gateway/Caddyfile docs pyproject.toml README.md README.zh-CN.md LICENSE -C "$folder" .env.example
  rm "$folder/.env.example"
  docker run --rm --entrypoint cat "$(setting KAOHE_IMAGE)" /opt/kaohe/sbom.json >"$folder/sbom.json"
  (cd "$folder" && sha256sum ./* >SHA256SUMS)
  tar -cf "$1" -C "$folder" .
  rm -rf "$folder"
  good "离线安装包:$1" "offline bundle: $1"
}

load_images() {
  local folder
  folder=$(mktemp -d)
  tar -xf "$1" -C "$folder"
  (cd "$folder" && sha256sum --quiet --check SHA256SUMS) || { rm -rf "$folder"; fail 1 "安装包与校验和不符" "the bundle differs from its checksums"; }
  gzip -dc "$folder/images.tar.gz" | docker load
  rm -rf "$folder"
  good "镜像已载入" "images loaded"
}
