// Verifies one webhook from the command line.
//
//     verify keyring.json "$AUTHORIZATION" < body
//
// Exit status: 0 accepted, 1 refused, 2 the configuration is wrong.
// Build: c++ -std=c++17 verify.cpp $(pkg-config --cflags --libs hookproof) -o verify

#include <hookproof.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

hookproof::Verifier load(const char *path) {
  std::ifstream file(path, std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  return hookproof::Verifier(hookproof::Keyring::from_json(json));
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: verify KEYRING.JSON AUTHORIZATION < BODY\n";
    return 2;
  }
  try {
    // Once, when the program starts.
    const hookproof::Verifier verifier = load(argv[1]);

    // For each request: what the header alone can tell comes before the first byte of the body.
    hookproof::Head head;
    head.header = argv[2];
    hookproof::Result result = verifier.begin(head);

    char chunk[16384];
    while (result.pending() && std::cin.read(chunk, sizeof chunk).gcount() > 0) {
      result.update({chunk, static_cast<std::size_t>(std::cin.gcount())});
    }
    if (result.finish()) {
      std::cout << "accepted: account " << result.api_key() << ", id " << result.jti() << '\n';
    } else {
      std::cout << "refused: " << result.detail() << '\n'
                << "likely causes: " << hookproof::status_hint(result.status()) << '\n';
    }
    std::cout << "HTTP status to answer: " << result.http_status() << '\n';
    return result ? 0 : 1;
  } catch (const hookproof::ConfigError &error) {
    std::cerr << argv[1] << ": " << error.what() << '\n';
    return 2;
  }
}
