/* Tests of the C ABI: what the header promises of every function. */
#include "api.h"
#include "check.h"

int main(void)
{
    test_version();
    test_status();
    test_keyring();
    test_policy();
    test_store();
    test_verifier();
    test_verdict();
    test_result();
    test_receive();
    test_claim();
    test_event();
    test_signer();
    test_sms();
    test_secrecy();
    return check_report();
}
