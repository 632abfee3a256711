# Sourced by ./mmdet and ./test: what Debian must have, the native library, the C# programs. Needs $root.
# shellcheck shell=bash

packages=(g++ cmake ninja-build libtorch-dev libopencv-dev libjpeg-dev zlib1g-dev libdnnl-dev)
native_library="$root/native/build/libmmdetsharp.so"
program="$root/artifacts/mmdet/mmdet.dll"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Installs the Debian packages that are missing: as root, or through sudo when it asks for no password.
require_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    say "Missing from Debian: ${missing[*]}" "Running: $install"
    local as=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            fail "This needs root. Run this line, then try again:" "  sudo apt-get update && sudo $install"
        fi
        as=(sudo)
    fi
    local log="$root/artifacts/install.log"
    mkdir -p "$root/artifacts"
    if ! { "${as[@]}" apt-get update -q && DEBIAN_FRONTEND=noninteractive "${as[@]}" $install; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "apt-get failed; its whole output is in $log. Mend what it says, then try again:" "  $install"
    fi
}

require_dotnet() {
    command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing (dotnet is not on the PATH)." \
        "Install it from https://dotnet.microsoft.com/download/dotnet/10.0, then try again."
}

# newer_than FILE PATH...: whether anything below the paths is newer than the file, or the file is missing.
newer_than() {
    local file=$1
    shift
    [ -e "$file" ] || return 0
    [ -n "$(find "$@" -newer "$file" -not -path '*/build*/*' -type f -print -quit 2>/dev/null)" ]
}

# quietly LOG COMMAND...: runs it; shows the end of its output only when it fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        grep -E 'error|Error|FAILED' "$log" | sort -u | head -n 20 >&2
        fail "The build failed; its whole output is in $log."
    fi
}

build_native() {
    newer_than "$native_library" "$root/native" || return 0
    require_packages "${packages[@]}"
    say "Building the native library (about a minute) ..."
    quietly "$root/artifacts/native.log" cmake -S "$root/native" -B "$root/native/build" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release
    quietly "$root/artifacts/native.log" ninja -C "$root/native/build"
    touch "$native_library"
}

# Compiled ahead of time for this machine's processor, so that a command starts fast.
build_program() {
    if ! newer_than "$program" "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" \
        "$native_library"; then
        return 0
    fi
    require_dotnet
    say "Building the program ..."
    local machine=x64
    [ "$(uname -m)" = aarch64 ] && machine=arm64
    quietly "$root/artifacts/build.log" dotnet publish "$root/src/MMDetSharp.Cli" -c Release -r "linux-$machine" \
        --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
        -p:DebugType=none -o "$root/artifacts/mmdet"
    touch "$program"
}
