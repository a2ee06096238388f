#!/usr/bin/env bash
# Installs what building, running or testing Gridkeeper needs and this machine lacks, from the distribution's
# own packages (Debian and Ubuntu). Says what and why before it does; does nothing, and asks for no password,
# where everything is there already. Safe to run again.
#   scripts/bootstrap.sh          what `make run` needs
#   scripts/bootstrap.sh test     what `make test` needs as well
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
packages=()
reasons=()

say() { printf '%s\n' "$@" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# need PACKAGE 中文理由 English reason
need() {
    packages+=("$1")
    reasons+=("  $1  $2 / $3")
}

# version_at_least WANTED FOUND
version_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

postgis_is_there() {
    local bin
    for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
        "$(dirname "$(readlink -f "$(command -v initdb)")" 2>/dev/null)"; do
        [ -x "$bin/initdb" ] && [ -e "$("$bin/pg_config" --sharedir)/extension/postgis.control" ] && return 0
    done
    return 1
}

# Debian and Ubuntu name PostGIS after the major version of PostgreSQL that they carry.
postgresql_version() {
    apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
}

refresh_package_lists() {
    [ -n "$(postgresql_version)" ] || as_root apt-get update -q >&2
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_become_root() { [ "$(id -u)" = 0 ] || has sudo; }

check_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version 2>/dev/null | cut -d' ' -f2 || true)
    if [ -z "$found" ] || ! version_at_least "$wanted" "$found"; then
        say "需要 Rust $wanted 或更新版本（现有：${found:-无}），请用 rustup 安装：https://rustup.rs" \
            "Rust $wanted or later is needed (found: ${found:-none}). Install it with rustup: https://rustup.rs"
        exit 1
    fi
    if [ "$purpose" = test ] && ! { has cargo-clippy && has rustfmt; }; then
        say "需要 clippy 和 rustfmt / clippy and rustfmt are needed:  rustup component add clippy rustfmt"
        exit 1
    fi
}

# The range Vite supports.
node_is_new_enough() {
    has npm && has node && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

check_node() {
    node_is_new_enough && return
    local carried
    carried=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/.*Candidate: *\([0-9.]*\).*/\1/p')
    if ! has node && [ -n "$carried" ] && version_at_least 20.19 "$carried"; then
        need nodejs "构建网页" "builds the web map"
        need npm "构建网页" "builds the web map"
        return
    fi
    say "需要 Node.js 20.19 或更新的 LTS 版本及 npm（现有：$(node --version 2>/dev/null || echo 无)，本系统软件源版本过旧）：https://nodejs.org" \
        "Node.js 20.19 or a later LTS with npm is needed (found: $(node --version 2>/dev/null || echo none); this system's package is too old): https://nodejs.org"
    exit 1
}

# Debian's own Chromium. Ubuntu carries none but a snap, which tests cannot drive.
check_chromium() {
    scripts/find-chromium.sh >/dev/null && return
    case $(has apt-get && apt-cache policy chromium 2>/dev/null | sed -n 's/.*Candidate: *//p') in
        *snap* | '(none)' | '')
            say "浏览器测试需要 Chromium 或 Google Chrome，而本系统软件源只有 snap 版（测试无法使用）或没有。" \
                "请安装 Google Chrome 的 deb 包（https://www.google.com/chrome/），或以 GRIDKEEPER_CHROMIUM 指明可执行文件。" \
                "The browser tests need Chromium or Google Chrome, and this system's packages have none but a snap, if that," \
                "which tests cannot drive. Install Google Chrome's deb package (https://www.google.com/chrome/), or name an" \
                "executable by GRIDKEEPER_CHROMIUM."
            exit 1 ;;
    esac
    need chromium "浏览器测试" "the browser tests"
}

check_packages() {
    has cc || need build-essential "链接 Rust 程序" "links Rust programs"
    if ! postgis_is_there; then
        local version
        version=$(postgresql_version)
        need postgresql "数据库" "the database"
        need "postgresql-${version:-15}-postgis-3" "数据库的空间扩展" "its spatial extension"
    fi
    [ "$purpose" = test ] || return 0
    check_chromium
    { has fc-list && [ -n "$(fc-list :lang=zh family)" ]; } ||
        need fonts-noto-cjk "浏览器测试中的中文字体" "Chinese type in the browser tests"
    has gdalinfo || need gdal-bin "核对导出的栅格与网格" "reads exported rasters and grids in tests"
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        need python3-venv "接口模糊测试（schemathesis）" "fuzzing the HTTP API (schemathesis)"
}

install_packages() {
    [ ${#packages[@]} -gt 0 ] || return 0
    if ! has apt-get; then
        say "缺少下列软件，请用本系统的软件包管理器安装：" "Missing; install with this system's package manager:" "${reasons[@]}"
        exit 1
    fi
    if ! may_become_root; then
        say "请管理员安装下列软件包：" "Ask an administrator to install:" "  apt-get install ${packages[*]}"
        exit 1
    fi
    say "将安装：" "Installing:" "${reasons[@]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
}

# Test tools from PyPI, in a throwaway environment of their own.
make_venv() {
    local wanted=tests/requirements.txt venv=target/venv
    cmp -s "$wanted" "$venv/installed.txt" && return
    say "安装 Python 测试工具 / Installing Python test tools: $venv"
    rm -rf "$venv"
    mkdir -p target
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$venv/installed.txt"
}

everything_is_there() {
    has cc && postgis_is_there && node_is_new_enough || return 1
    [ "$purpose" = run ] || { scripts/find-chromium.sh >/dev/null && has fc-list && has gdalinfo && python3 -c 'import ensurepip, venv' 2>/dev/null; }
}

check_rust
# A fresh machine may have no package lists yet: without them no version can be told.
if has apt-get && may_become_root && ! everything_is_there; then refresh_package_lists; fi
check_node
check_packages
install_packages
if [ "$purpose" = test ]; then make_venv; fi
