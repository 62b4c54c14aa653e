# shellcheck shell=bash
# The first steps of an installation: .env, secrets, volumes; then the ceremony with its three administrators.

init() {
  local bureau="" site="" size="" image="" https=443 http=80
  while [ $# -gt 0 ]; do
    case "$1" in
      --bureau) bureau=$2; shift 2 ;;
      --site) site=$2; shift 2 ;;
      --size) size=$2; shift 2 ;;
      --image) image=$2; shift 2 ;;
      --https-port) https=$2; shift 2 ;;
      --http-port) http=$2; shift 2 ;;
      *) fail 2 "不认识的参数 $1" "unknown argument $1" ;;
    esac
  done
  [ ! -f .env ] || fail "$EXIT_PRECONDITION" ".env 已存在;如需重来,请先备份并移走它和 secrets/" ".env exists; to begin again, move it and secrets/ away first"
  bureau=$(_asked "$bureau" "本局代码(字母数字,如 JZ)" "code of the bureau (letters and digits, such as JZ)")
  local name
  name=$(_asked "${KAOHE_BUREAU_NAME:-}" "本局名称" "name of the bureau")
  site=$(_asked "$site" "访问地址(主机名或 IP)" "address that browsers use (host name or IP)")
  [[ "$bureau" =~ ^[A-Za-z0-9-]{1,20}$ ]] || fail 2 "本局代码只能用字母、数字和连字符" "the code has letters, digits and hyphens only"
  [[ "$site" =~ ^[A-Za-z0-9.-]+$ ]] || fail 2 "访问地址不正确" "that is no address"
  [ -n "$size" ] || size=$(_size)
  [ -f "ops/sizes/$size.env" ] || fail 2 "规格只有 16g 和 32g" "sizes are 16g and 32g"
  # A folder from an offline bundle names the image that came with it, and has nothing to build one from.
  [ -n "$image" ] || image=$(sed -n 's/^KAOHE_IMAGE=//p' .env.example)
  [ -n "$image" ] || image="kaohe:$(_version)"
  docker image inspect "$image" >/dev/null 2>&1 || [ -f Dockerfile ] \
    || fail "$EXIT_PRECONDITION" "本机没有镜像 $image;先 ./kaohectl load 离线安装包" "there is no image $image here; ./kaohectl load the offline bundle first"
  docker image inspect "$image" >/dev/null 2>&1 || { note "构建镜像 $image …" "building the image $image …"; docker build --quiet --tag "$image" --build-arg COMMIT="$(_commit)" . >/dev/null; }
  _make_secrets "$bureau" "$site" "$image"
  _write_env "$bureau" "$name" "$site" "$size" "$image" "$https" "$http"  # last: its presence says that all is made
  local volume
  for volume in postgres objects certificates metrics grafana; do docker volume create "$(setting KAOHE_VOLUMES)-$volume" >/dev/null; done
  mkdir -p backups/metrics && chmod 700 backups && chmod 755 backups/metrics
  journal init "$image"
  good "完成。下一步:./kaohectl up,然后 ./kaohectl ceremony" "done. Next: ./kaohectl up, then ./kaohectl ceremony"
}

_asked() {
  local answer=$1
  if [ -z "$answer" ]; then
    [ -t 0 ] || fail 2 "缺少:$2" "missing: $3"
    read -r -p "$(say "$2" "$3"): " answer
  fi
  printf '%s' "$answer"
}

_size() { [ "$(awk '/MemTotal/ {print int($2 / 1048576)}' /proc/meminfo)" -ge 28 ] && echo 32g || echo 16g; }

_version() { sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1; }

_commit() { git rev-parse HEAD 2>/dev/null || echo unknown; }

_write_env() {
  local origin="https://$3"
  [ "$6" = 443 ] || origin="$origin:$6"
  umask 077
  {
    sed -e "s|^KAOHE_IMAGE=.*|KAOHE_IMAGE=$5|" -e "s|^KAOHE_BUREAU_CODE=.*|KAOHE_BUREAU_CODE=$1|" \
      -e "s|^KAOHE_BUREAU_NAME=.*|KAOHE_BUREAU_NAME=$2|" -e "s|^KAOHE_SITE=.*|KAOHE_SITE=$3|" -e "s|^KAOHE_SIZE=.*|KAOHE_SIZE=$4|" \
      -e "s|^KAOHE_HTTPS_PORT=.*|KAOHE_HTTPS_PORT=$6|" -e "s|^KAOHE_HTTP_PORT=.*|KAOHE_HTTP_PORT=$7|" \
      -e "s|^KAOHE_PUBLIC_ORIGINS=.*|KAOHE_PUBLIC_ORIGINS=[\"$origin\"]|" -e "s|^KAOHE_SEAL_ORIGIN=.*|KAOHE_SEAL_ORIGIN=$3/$1|" .env.example
    printf '\n# ops/sizes/%s.env\n' "$4"
    cat "ops/sizes/$4.env"
  } >.env.new
  mv .env.new .env
}

# Made by the image itself, without network; the folder keeps other users of the machine out.
_make_secrets() {
  mkdir -p secrets/tls && chmod 700 secrets && chmod 755 secrets/tls
  [ -f secrets/kaohe_postgres_password ] && return
  docker run --rm --network none --read-only --user "$(id -u):$(id -g)" --volume "$PWD/secrets:/secrets" --env LANG="$(language)" "$3" \
    secrets --to /secrets --seal-origin "$2/$1"
}

ceremony() {
  note "请三名管理员到场。以下一次性口令只显示这一次,首次登录须修改。" "With the three administrators present: these one-time passwords are shown once and must be changed at the first sign-in."
  tool org administrators --code "$(setting KAOHE_BUREAU_CODE)" --name "$(setting KAOHE_BUREAU_NAME)"
  journal ceremony
}
