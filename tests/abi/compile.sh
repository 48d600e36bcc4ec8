#!/bin/sh
# Compiles the headers as every language they are meant for, with every compiler there is, and without
# one warning. Nothing is linked; see library.sh.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0

# compile COMPILER STANDARD SOURCE FLAGS...
compile() {
  compiler=$1 standard=$2 source=$3
  shift 3
  "$compiler" "-std=$standard" -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "$@" \
    -I "$root/include" -c "$source" -o "$work/out.o" || return 1
  count=$((count + 1))
}

cat >"$work/twice.c" <<'SOURCE'
#include <hookproof.h>
#include <hookproof.h>
hookproof_status use(hookproof_result **out);
hookproof_status use(hookproof_result **out) {
  return hookproof_verifier_verify(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, out);
}
SOURCE
cp "$work/twice.c" "$work/twice.cpp"
cp "$root/tests/abi/layout.c" "$work/layout.cpp"

cat >"$work/ignored.c" <<'SOURCE'
#include <hookproof.h>
void use(hookproof_result *result);
void use(hookproof_result *result) { hookproof_result_finish(result, 0); }
SOURCE
sed 's/hookproof_result_finish(result, 0)/hookproof_result_finish_once(result, 0, 0, 0)/' "$work/ignored.c" >"$work/ignored_once.c"
sed 's/hookproof_result_finish(result, 0)/hookproof_result_answer_replay(result, 0, 0)/' "$work/ignored.c" >"$work/ignored_answer.c"

cat >"$work/raii_twice.cpp" <<'SOURCE'
#include <hookproof.hpp>
#include <hookproof.hpp>
#ifndef NAME
#define NAME use
#endif
bool NAME(const hookproof::Verifier &verifier);
bool NAME(const hookproof::Verifier &verifier) {
  hookproof::Received received = verifier.receive(hookproof::Store::memory(), {}, {});
  return received.process([](const hookproof::Result &) {}) == HOOKPROOF_OK && verifier.verify({}, {});
}
SOURCE

cat >"$work/designated.cpp" <<'SOURCE'
#include <hookproof.hpp>
bool use(const hookproof::Verifier &verifier);
bool use(const hookproof::Verifier &verifier) {
  return static_cast<bool>(verifier.verify({.method = "PUT", .header = "Bearer", .account = "a1b2c3d4"}, "{}"));
}
SOURCE

c_compilers= cxx_compilers=
for compiler in gcc clang; do
  if command -v "$compiler" >/dev/null; then c_compilers="$c_compilers $compiler"; fi
done
for compiler in g++ clang++; do
  if command -v "$compiler" >/dev/null; then cxx_compilers="$cxx_compilers $compiler"; fi
done
if [ -z "$c_compilers" ] || [ -z "$cxx_compilers" ]; then
  echo "compile.sh: needs gcc or clang, with its C++ compiler" >&2
  exit 1
fi

for compiler in $c_compilers; do
  for standard in c99 c11 c2x; do
    compile "$compiler" "$standard" "$work/twice.c" -Wstrict-prototypes -Wmissing-prototypes
    compile "$compiler" "$standard" "$root/tests/abi/layout.c" -Wstrict-prototypes
  done
  compile "$compiler" c99 "$root/examples/c/verify.c" -Wstrict-prototypes
  # A verdict that is thrown away must not compile here.
  for ignored in ignored ignored_once ignored_answer; do
    if compile "$compiler" c99 "$work/$ignored.c" 2>"$work/messages"; then
      echo "compile.sh: $compiler lets a verdict be ignored ($ignored)" >&2
      exit 1
    fi
    if ! grep -q 'unused-result' "$work/messages"; then
      cat "$work/messages" >&2
      exit 1
    fi
  done
done

for compiler in $cxx_compilers; do
  for standard in c++11 c++17 c++20; do
    compile "$compiler" "$standard" "$work/twice.cpp"
    compile "$compiler" "$standard" "$work/layout.cpp"
  done
  for standard in c++17 c++20; do
    compile "$compiler" "$standard" "$work/raii_twice.cpp"
    compile "$compiler" "$standard" "$root/tests/abi/raii.cpp"
    compile "$compiler" "$standard" "$root/examples/cpp/verify.cpp"
  done
  compile "$compiler" c++20 "$work/designated.cpp"
  # Two files that include it must link together.
  compile "$compiler" c++17 "$work/raii_twice.cpp" -DNAME=first
  mv "$work/out.o" "$work/first.o"
  compile "$compiler" c++17 "$work/raii_twice.cpp" -DNAME=second
  ld -r -o "$work/both.o" "$work/first.o" "$work/out.o"
done

echo "compile.sh: $count compilations without a warning ($c_compilers$cxx_compilers )"
