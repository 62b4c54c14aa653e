# shellcheck shell=bash
# Is this machine fit? Nothing is changed here.
MIN_MEMORY_GB=15
MIN_DISK_GB=40
MIN_CORES=2
MIN_ENGINE=24

preflight() {
  local failed=0 memory disk cores engine
  memory=$(awk '/MemTotal/ {print int($2 / 1048576 + 0.5)}' /proc/meminfo)
  disk=$(df -Pk . | awk 'NR == 2 {print int($4 / 1048576)}')
  cores=$(nproc)
  _at_least "$memory" $MIN_MEMORY_GB "内存 ${memory} GB(至少 ${MIN_MEMORY_GB})" "memory ${memory} GB (at least ${MIN_MEMORY_GB})" || failed=1
  _at_least "$disk" $MIN_DISK_GB "可用磁盘 ${disk} GB(至少 ${MIN_DISK_GB})" "free disk ${disk} GB (at least ${MIN_DISK_GB})" || failed=1
  _at_least "$cores" $MIN_CORES "处理器 ${cores} 核(至少 ${MIN_CORES})" "${cores} cores (at least ${MIN_CORES})" || failed=1
  if engine=$(docker version --format '{{.Server.Version}}' 2>/dev/null); then
    _at_least "${engine%%.*}" $MIN_ENGINE "Docker 引擎 $engine(至少 ${MIN_ENGINE})" "Docker engine $engine (at least ${MIN_ENGINE})" || failed=1
  else
    bad "Docker 引擎没有应答" "the Docker engine does not answer"; failed=1
  fi
  if docker compose version >/dev/null 2>&1; then good "docker compose 可用" "docker compose is there"; else bad "缺少 docker compose" "docker compose is missing"; failed=1; fi
  local port
  for port in "$(setting KAOHE_HTTPS_PORT 443)" "$(setting KAOHE_HTTP_PORT 80)"; do
    if _taken "$port" && ! _ours; then bad "端口 $port 已被占用" "port $port is taken"; failed=1; else good "端口 $port 可用" "port $port is free"; fi
  done
  return $failed
}

_at_least() {
  if [ "$1" -ge "$2" ]; then good "$3" "$4"; else bad "$3" "$4"; return 1; fi
}

_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

_ours() { [ -n "$(compose ps -q edge 2>/dev/null)" ]; }
