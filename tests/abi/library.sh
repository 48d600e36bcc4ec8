#!/bin/sh
# Runs C and C++ programs against a built library, shared and static.
#
#     tests/abi/library.sh DIRECTORY
#
# DIRECTORY is where cargo put libhookproof_ffi.so and libhookproof_ffi.a.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
built=${1:?usage: library.sh DIRECTORY}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "library.sh: $1" >&2
  exit 1
}

soname=$(readelf -d "$built/libhookproof_ffi.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
version=$(sed -n 's/^#define HOOKPROOF_VERSION_STRING "\(.*\)"/\1/p' "$root/include/hookproof.h")
case $version in
  0.*) expected="libhookproof.so.$(echo "$version" | cut -d. -f1-2)" ;;
  *) expected="libhookproof.so.$(echo "$version" | cut -d. -f1)" ;;
esac
[ "$soname" = "$expected" ] || fail "SONAME is '$soname', not $expected"
readelf -d "$built/libhookproof_ffi.so" | grep -q NODELETE || fail "the library can be unloaded"
readelf -d "$built/libhookproof_ffi.so" | grep -Eq 'RPATH|RUNPATH' && fail "the library has a run path"

mkdir "$work/lib"
cp "$built/libhookproof_ffi.so" "$work/lib/$soname"
ln -s "$soname" "$work/lib/libhookproof.so"

"${CC:-cc}" -std=c99 -I "$root/include" "$root/examples/c/verify.c" -L "$work/lib" -lhookproof -o "$work/verify_c"
"${CC:-cc}" -std=c99 -I "$root/include" "$root/examples/c/event.c" -L "$work/lib" -lhookproof -o "$work/event_c"
"${CXX:-c++}" -std=c++17 -I "$root/include" "$root/examples/cpp/verify.cpp" -L "$work/lib" -lhookproof \
  -o "$work/verify_cpp"
"${CXX:-c++}" -std=c++17 -I "$root/include" "$root/tests/abi/raii.cpp" -L "$work/lib" -lhookproof \
  -o "$work/raii_shared"
"${CXX:-c++}" -std=c++17 -I "$root/include" "$root/tests/abi/raii.cpp" "$built/libhookproof_ffi.a" \
  -lpthread -ldl -lm -o "$work/raii_static"
cat >"$work/sign.cpp" <<'SOURCE'
#include <hookproof.hpp>
#include <iostream>
#include <string>
int main(int argc, char **argv) {
  hookproof::Signer signer(argv[1], argv[2]);
  const std::string how = argc > 4 ? argv[4] : "body";
  std::cout << (how == "body"    ? signer.sign_body(argv[3], hookproof::now(), "jti-1")
                : how == "query" ? signer.sign_query(argv[3], hookproof::now(), "jti-1")
                                 : signer.sign_sms(how, HOOKPROOF_SMS_FORM, argv[3], hookproof::now(), "nonce-1"));
}
SOURCE
"${CXX:-c++}" -std=c++17 -I "$root/include" "$work/sign.cpp" -L "$work/lib" -lhookproof -o "$work/sign"

export LD_LIBRARY_PATH="$work/lib"
"$work/raii_shared"
LD_LIBRARY_PATH= "$work/raii_static"

# The examples: accepted, refused, and a keyring that is none.
echo '{"version":1,"accounts":[{"api_key":"a1b2c3d4","secrets":[{"label":"production","secret":"a secret of thirty-two bytes or more"}]}]}' \
  >"$work/keyring.json"
echo '[]' >"$work/wrong.json"
header=$("$work/sign" a1b2c3d4 'a secret of thirty-two bytes or more' '{"text":"hello"}')
for example in verify_c verify_cpp; do
  for run in 'keyring.json {"text":"hello"} 0 accepted: account a1b2c3d4, id jti-1' \
    'keyring.json {"text":"other"} 1 refused: payload.mismatch' \
    'wrong.json {} 2 wrong.json: '; do
    rest=${run#* }
    ring=${run%% *} body=${rest%% *}
    rest=${rest#* }
    code=${rest%% *} text=${rest#* }
    status=0
    printf %s "$body" | "$work/$example" "$work/$ring" "$header" >"$work/output" 2>&1 || status=$?
    [ "$status" = "$code" ] || fail "$example $ring: exit status $status, not $code"
    grep -qF "$text" "$work/output" || fail "$example $ring: says $(cat "$work/output")"
    grep -qF 'thirty-two' "$work/output" && fail "$example prints a secret"
  done
done

# The event of a webhook of each way of signing; the same SMS as a query and as a form.
secret='a secret of thirty-two bytes or more'
event() {
  expected=$1 text=$2 sent=$3
  shift 3
  status=0
  printf %s "$sent" | "$work/event_c" "$work/keyring.json" "$@" >"$work/output" 2>&1 || status=$?
  [ "$status" = "$expected" ] || fail "event $1 $2: exit status $status, not $expected: $(cat "$work/output")"
  grep -qF "$text" "$work/output" || fail "event $1 $2: says $(cat "$work/output")"
}
event 0 'messages inbound/sms from 447700900321, account a1b2c3d4' "$(printf %s '{"channel":"sms","message_uuid":"1","from":"447700900321","to":"447700900555","text":"Hi","message_type":"text"}')" \
  standard POST '' "$("$work/sign" a1b2c3d4 "$secret" '{"channel":"sms","message_uuid":"1","from":"447700900321","to":"447700900555","text":"Hi","message_type":"text"}')"
query='to=447700900555&from=447700900321&conversation_uuid=CON-1&uuid=u-1'
header=$("$work/sign" a1b2c3d4 "$secret" "$query" query)
event 0 'from 447700900321, account a1b2c3d4' '' standard GET "$query" "$header"
event 1 'refused: payload.mismatch' '' standard GET "$query&x=1" "$header"
sms='msisdn=447700900321&to=447700900555&messageId=1&text=Hi&type=text&api-key=a1b2c3d4&message-timestamp=2026-05-28+20%3A26%3A40'
signed=$("$work/sign" a1b2c3d4 "$secret" "$sms" sha256)
event 0 'sms inbound from 447700900321, account a1b2c3d4' '' sms_sha256 GET "$signed" ''
event 0 'sms inbound from 447700900321, account a1b2c3d4' "$signed" sms_sha256 POST '' ''
event 1 'refused: sms.signature_invalid' "$signed&more=1" sms_sha256 POST '' ''
event 1 'refused: sms.' "$signed" sms_sha1 POST '' ''
event 2 'sha256: ' '' sha256 GET '' ''

echo "library.sh: $soname, shared and static, three examples"
