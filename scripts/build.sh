# Sourced by ./mmdet and ./test: what the system must have, the native library, the C# programs. Needs $root.
# shellcheck shell=bash

packages=(g++ cmake ninja-build libtorch-dev libopencv-dev libjpeg-dev zlib1g-dev libdnnl-dev)
native_library="$root/native/build/libmmdetsharp.so"
program="$root/artifacts/mmdet/mmdet.dll"

# Each argument is a line.
say() { printf '%s\n' "$@" >&2; }

fail() {
    say "$@"
    exit 1
}

# Why the native library cannot be built here, and how it can.
fail_native() {
    fail "$@" "Without it only commands that need no tensor run: --help, config, convert voc2coco." \
        "It needs these packages of Debian or Ubuntu, elsewhere what they hold:" \
        "  apt-get install ${packages[*]}" \
        "Then try again, or build it by hand, with -DCMAKE_PREFIX_PATH for a libtorch of your own:" \
        "  cmake -S $root/native -B $root/native/build -DCMAKE_BUILD_TYPE=Release" \
        "  cmake --build $root/native/build"
}

# Installs the Debian packages that are missing: as root, or through sudo when it asks for no password. On another system
# the compiler and CMake must be there; CMake says what else is missing.
require_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        command -v c++ >/dev/null || missing+=("a C++ compiler (c++)")
        command -v cmake >/dev/null || missing+=(cmake)
        ((${#missing[@]})) || return 0
        fail_native "The native library is not built, and there is no ${missing[*]} on the PATH to build it with."
    fi

    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    say "Missing from this system: ${missing[*]}"
    local as=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            fail_native "This needs root. Run this line as root, then try again:" "  apt-get update && $install"
        elif ! sudo -n true 2>/dev/null; then
            fail_native "This needs root. Run this line, then try again:" "  sudo apt-get update && sudo $install"
        fi
        as=(sudo)
    fi
    say "Running: ${as[*]+${as[*]} }$install"
    local log="$root/artifacts/install.log"
    mkdir -p "$root/artifacts"
    # env: sudo would drop the variable.
    # shellcheck disable=SC2086
    if ! { "${as[@]}" apt-get update -q && "${as[@]}" env DEBIAN_FRONTEND=noninteractive $install; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail_native "apt-get failed; its whole output is in $log. Mend what it says, then try again:" "  $install"
    fi
}

require_dotnet() {
    local found="dotnet is not on the PATH"
    if command -v dotnet >/dev/null; then
        dotnet --list-sdks 2>/dev/null | grep -q '^10\.' && return 0
        found="dotnet has no SDK of version 10"
    fi
    fail "The .NET 10 SDK is missing: $found." \
        "Install it from https://dotnet.microsoft.com/download/dotnet/10.0, then try again."
}

# newer_than FILE PATH...: whether anything below the paths is newer than the file, or the file is missing.
newer_than() {
    local file=$1
    shift
    [ -e "$file" ] || return 0
    [ -n "$(find "$@" -path "$root/native/build*" -prune -o -newer "$file" -print -quit 2>/dev/null)" ]
}

# quietly LOG COMMAND...: runs it; shows its errors and the end of its output only when it fails.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 && return 0
    { grep -E '(^|[^-_[:alnum:]])[Ee]rror' "$log" | head -n 20; tail -n 15 "$log"; } | awk '!seen[$0]++' | cut -c -400 >&2
    say "The build failed; its whole output is in $log."
    return 1
}

# The log stays only after a failure: the program shows its end when the library is missing.
build_native() {
    [ -z "${MMDET_NATIVE-}" ] && newer_than "$native_library" "$root/native" || return 0
    require_dotnet
    require_packages "${packages[@]}"
    say "Building the native library (about a minute) ..."
    local generator=()
    [ -e "$root/native/build/CMakeCache.txt" ] || ! command -v ninja >/dev/null || generator=(-G Ninja)
    local log=$root/artifacts/native.log
    quietly "$log" cmake -S "$root/native" -B "$root/native/build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release &&
        quietly "$log" cmake --build "$root/native/build" --parallel "$(nproc)" || fail_native "The native library was not built."
    rm -f "$log"
    touch "$native_library"
}

# Compiled ahead of time for this machine's processor, so that a command starts fast.
build_program() {
    if ! [ "$native_library" -nt "$program" ] && ! newer_than "$program" "$root/src" \
        "$root/Directory.Build.props" "$root/Directory.Packages.props"; then
        return 0
    fi
    require_dotnet
    say "Building the program ..."
    local machine=x64
    [ "$(uname -m)" = aarch64 ] && machine=arm64
    quietly "$root/artifacts/build.log" dotnet publish "$root/src/MMDetSharp.Cli" -c Release -r "linux-$machine" \
        --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
        -p:DebugType=none -o "$root/artifacts/mmdet" || exit 1
    touch "$program"
}
