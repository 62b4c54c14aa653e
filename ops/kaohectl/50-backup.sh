# shellcheck shell=bash
# Backups: everything of one point. The five databases live in one PostgreSQL, so a physical base backup holds all of them at the same
# moment; objects never change (their key is their hash), so what is copied after the databases holds at least what they name.

backups_dir() { setting KAOHE_BACKUP_DIR backups; }

newest_backup() { find "$(backups_dir)" -mindepth 1 -maxdepth 1 -type d -name '20*' -printf '%f\n' 2>/dev/null | sort | tail -1; }

backup() {
  local id folder
  id=$(date -u +%Y%m%dT%H%M%SZ)
  folder="$(backups_dir)/$id"
  mkdir -p "$folder.part" && chmod 700 "$(backups_dir)" "$folder.part"
  # shellcheck disable=SC2064
  trap "rm -rf '$folder.part'" EXIT
  note "1/4 数据库 …" "1/4 databases …"
  compose exec -T postgres pg_basebackup --username postgres --pgdata - --format tar --wal-method fetch --checkpoint fast --manifest-checksums SHA256 \
    | gzip -1 >"$folder.part/postgres.tar.gz"
  note "2/4 附件 …" "2/4 objects …"
  mkdir -p "$(backups_dir)/objects"
  _objects save --to /backups/objects --list "/backups/$id.part/objects.txt"
  note "3/4 密钥与设置 …" "3/4 keys and settings …"
  tar -czf "$folder.part/settings.tar.gz" .env secrets
  note "4/4 校验和 …" "4/4 checksums …"
  printf 'image %s\nmade %s\n' "$(setting KAOHE_IMAGE)" "$id" >"$folder.part/about"
  (cd "$folder.part" && sha256sum ./* >SHA256SUMS)
  mv "$folder.part" "$folder"
  trap - EXIT
  _tell_metric kaohe_backup_last_success_timestamp_seconds "$(date +%s)"
  _tell_metric kaohe_backup_size_bytes "$(du -sb "$folder" | cut -f1)"
  _thin
  journal backup "$id"
  good "备份 $id 完成" "backup $id is made"
}

backups() {
  local id
  for id in $(find "$(backups_dir)" -mindepth 1 -maxdepth 1 -type d -name '20*' -printf '%f\n' 2>/dev/null | sort); do
    printf '%s  %s  %s\n' "$id" "$(du -sh "$(backups_dir)/$id" | cut -f1)" "$(sed -n 's/^image //p' "$(backups_dir)/$id/about")"
  done
}

verify_backup() {
  local folder
  [ -d "$(backups_dir)/$1" ] || fail 2 "没有备份 $1" "there is no backup $1"
  folder=$(_absolute "$(backups_dir)/$1")
  (cd "$folder" && sha256sum --quiet --check SHA256SUMS) || fail 1 "备份 $1 的文件与校验和不符" "files of backup $1 differ from their checksums"
  gzip -t "$folder/postgres.tar.gz"
  if [ -s "$folder/objects.txt" ]; then
    # Lines are "<sha256> <path>": the name of a stored file is its checksum.
    (cd "$folder/../objects" && sed 's/ /  /' "$folder/objects.txt" | sha256sum --quiet --check -) \
      || fail 1 "备份 $1 的附件不完整" "objects of backup $1 are not whole"
  fi
  good "备份 $1 完整" "backup $1 is whole"
}

restore() {
  local folder confirmed
  folder="$(backups_dir)/$1"
  verify_backup "$1"
  [ -f .env ] || { tar -xzf "$folder/settings.tar.gz"; note "已从备份恢复 .env 和 secrets/" ".env and secrets/ were taken from the backup"; }
  confirmed=${2:-}
  if [ -z "$confirmed" ]; then
    note "这将覆盖现有的全部数据。请输入本局代码($(setting KAOHE_BUREAU_CODE))确认:" "This replaces all present data. Type the code of the bureau ($(setting KAOHE_BUREAU_CODE)) to go on:"
    read -r confirmed
  fi
  [ "$confirmed" = "$(setting KAOHE_BUREAU_CODE)" ] || fail "$EXIT_PRECONDITION" "未确认,未作改动" "not confirmed; nothing was changed"
  compose down
  local name
  for name in postgres objects; do
    docker volume rm "$(setting KAOHE_VOLUMES)-$name" >/dev/null 2>&1 || true
    docker volume create "$(setting KAOHE_VOLUMES)-$name" >/dev/null
  done
  docker volume create "$(setting KAOHE_VOLUMES)-certificates" >/dev/null
  _unpack "$1" "$(setting KAOHE_VOLUMES)-postgres"
  compose up -d --wait --wait-timeout 120 objects postgres
  _objects restore --from /backups/objects --list "/backups/$1/objects.txt"
  journal restore "$1"
  up
}

# A base backup into a volume, with the rights that the server wants.
_unpack() {
  docker run --rm -i --network none --volume "$2:/restored" --entrypoint sh "$(_postgres_image)" \
    -c 'tar -xzf - -C /restored && chown -R postgres:postgres /restored && chmod 700 /restored' <"$(backups_dir)/$1/postgres.tar.gz"
}

drill() {
  [ -n "$1" ] || fail "$EXIT_PRECONDITION" "还没有备份" "there is no backup yet"
  verify_backup "$1"
  local scratch="kaohe-drill-$$" status=0
  # shellcheck disable=SC2064
  trap "_forget '$scratch'" EXIT
  docker volume create "$scratch" >/dev/null
  _unpack "$1" "$scratch"
  docker network create --internal "$scratch" >/dev/null
  docker run -d --rm --name "$scratch" --network "$scratch" --network-alias postgres --volume "$scratch:/var/lib/postgresql/data" "$(_postgres_image)" >/dev/null
  docker run --rm --network "$scratch" --volume "$PWD/secrets:/run/secrets:ro" --user "$(id -u):$(id -g)" \
    --env KAOHE_POSTGRES_HOST=postgres --env LANG="$(language)" "$(setting KAOHE_IMAGE)" prove || status=$?
  _forget "$scratch"
  trap - EXIT
  [ $status = 0 ] || fail 1 "恢复演练失败:备份 $1" "the drill failed: backup $1"
  _tell_metric kaohe_restore_drill_last_success_timestamp_seconds "$(date +%s)"
  journal drill "$1"
  good "恢复演练通过:备份 $1" "the drill succeeded: backup $1"
}

# What a drill has made, however far it came.
_forget() {
  docker stop "$1" >/dev/null 2>&1 || true
  docker network rm "$1" >/dev/null 2>&1 || true
  docker volume rm "$1" >/dev/null 2>&1 || true
}

_postgres_image() { compose config --images | grep -m 1 postgres; }

_network() { printf '%s_data' "$(setting COMPOSE_PROJECT_NAME)"; }

_absolute() { (cd "$1" && pwd); }

# `kaohe objects …` in a container of its own: address and keys of the object store as the services have them.
_objects() {
  docker run --rm --read-only --tmpfs /tmp --network "$(_network)" --user "$(id -u):$(id -g)" \
    --volume "$(_absolute "$(backups_dir)"):/backups" --volume "$PWD/secrets:/run/secrets:ro" \
    --env KAOHE_S3_ENDPOINT="$(setting KAOHE_S3_ENDPOINT objects:9000)" --env KAOHE_S3_SECURE="$(setting KAOHE_S3_SECURE false)" \
    --env KAOHE_S3_BUCKET="$(setting KAOHE_S3_BUCKET kaohe)" --env LANG="$(language)" \
    "$(setting KAOHE_IMAGE)" objects "$@"
}

# The newest of each of the last 7 days, 4 weeks and 12 months stay; the others go. Objects are shared by all and stay.
_thin() {
  local id at key kept days='' weeks='' months=''
  for id in $(find "$(backups_dir)" -mindepth 1 -maxdepth 1 -type d -name '20*' -printf '%f\n' | sort -r); do
    at="${id:0:4}-${id:4:2}-${id:6:2}"
    kept=no
    key=$at && [[ " $days" != *" $key "* ]] && [ "$(wc -w <<<"$days")" -lt 7 ] && days+=" $key " && kept=yes
    key=$(date -u -d "$at" +%G-%V) && [[ " $weeks" != *" $key "* ]] && [ "$(wc -w <<<"$weeks")" -lt 4 ] && weeks+=" $key " && kept=yes
    key=${at:0:7} && [[ " $months" != *" $key "* ]] && [ "$(wc -w <<<"$months")" -lt 12 ] && months+=" $key " && kept=yes
    [ $kept = yes ] || rm -rf "$(backups_dir)/${id:?}"
  done
}

# A figure for the machine exporter's folder of text files; Prometheus reads it from there.
_tell_metric() {
  mkdir -p "$(backups_dir)/metrics"
  printf '%s %s\n' "$1" "$2" >"$(backups_dir)/metrics/$1.prom.new"
  mv "$(backups_dir)/metrics/$1.prom.new" "$(backups_dir)/metrics/$1.prom"
}
