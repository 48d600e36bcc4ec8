// consumer.c, through the C++ wrapper.

#include <hookproof.hpp>

#include <iostream>
#include <string>

int main() {
  constexpr std::string_view account = "a1b2c3d4";
  constexpr std::string_view secret = "a secret of the packaging tests, forty bytes";
  const std::string body = R"({"text":"hello"})";

  hookproof::Keyring keyring;
  keyring.add_secret(account, "only", secret);
  const hookproof::Verifier verifier(keyring);
  hookproof::Signer signer(account, secret);
  const std::string header(signer.sign_body(body, 1767225600, "j"));

  hookproof::Head head;
  head.header = header;
  const hookproof::Result genuine = verifier.verify(head, body, 1767225600);
  const hookproof::Result tampered = verifier.verify(head, "{}", 1767225600);
  if (!genuine || tampered.status() != HOOKPROOF_R_PAYLOAD_MISMATCH) {
    return 1;
  }
  std::cout << hookproof::version() << '\n';
  return 0;
}
