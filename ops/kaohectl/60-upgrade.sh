# shellcheck shell=bash
# Upgrade and back. Migrations only add within one release, so the image before runs on the new schema (docs/guides/county.md).

upgrade() {
  local new=$1 old
  old=$(setting KAOHE_IMAGE)
  [ "$new" != "$old" ] || fail 2 "已在使用 $new" "$new is running already"
  docker image inspect "$new" >/dev/null 2>&1 || fail "$EXIT_PRECONDITION" "本机没有镜像 $new;先 ./kaohectl load" "there is no image $new here; ./kaohectl load it first"
  _room_for_upgrade
  backup
  _use_image "$new"
  note "升级数据库 …" "migrating the databases …"
  if ! timeout 900 docker compose --progress quiet run --rm -T migrate; then
    _use_image "$old"
    fail 1 "数据库升级失败;仍运行原版本 $old,数据未丢失" "the migration failed; $old keeps running, nothing is lost"
  fi
  note "逐个重启 …" "restarting one after the other …"
  if ! { _roll && smoke; }; then
    note "新版本未就绪,退回 $old" "the new version is not ready; going back to $old"
    _use_image "$old"
    up
    exit 1
  fi
  printf '%s\n' "$old" >backups/image-before
  journal upgrade "$old" "$new"
  good "已升级到 $new" "upgraded to $new"
}

_roll() {
  local service
  for service in org targets submissions scoring reporting gateway; do compose up -d --no-deps --wait --wait-timeout 180 "$service" || return 1; done
  compose up -d --wait --wait-timeout 180
}

rollback() {
  [ -f backups/image-before ] || fail "$EXIT_PRECONDITION" "没有可退回的镜像" "there is no image to go back to"
  local old
  old=$(cat backups/image-before)
  journal rollback "$(setting KAOHE_IMAGE)" "$old"
  _use_image "$old"
  up
  smoke
  rm backups/image-before
  good "已退回 $old" "back to $old"
}

# The door, the pages, and that every service answers through it.
smoke() {
  local service
  reachable || { bad "入口没有应答" "the door does not answer"; return 1; }
  for service in org targets submissions scoring reporting; do
    compose exec -T "$service" python -I -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=10)" >/dev/null 2>&1 \
      || { bad "服务 $service 未就绪" "$service is not ready"; return 1; }
  done
  good "冒烟测试通过" "smoke test passed"
}

_room_for_upgrade() {
  local free used
  free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1024)}')
  used=$(compose exec -T postgres psql -U postgres -AtXc "SELECT sum(pg_database_size(oid)) / 1048576 FROM pg_database" | cut -d. -f1)
  [ "$free" -ge $((2 * used + 10240)) ] || fail "$EXIT_PRECONDITION" "磁盘空间不足:可用 ${free} MB,需要 $((2 * used + 10240)) MB" "not enough disk: ${free} MB free, $((2 * used + 10240)) MB needed"
}

_use_image() { sed -i.before "s|^KAOHE_IMAGE=.*|KAOHE_IMAGE=$1|" .env; }
