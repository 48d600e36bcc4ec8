/* The tests of the C ABI, by the noun they are about. */
#ifndef TESTS_API_H
#define TESTS_API_H

void test_version(void);
void test_status(void);
void test_keyring(void);
void test_policy(void);
void test_store(void);
void test_verifier(void);
void test_verdict(void);
void test_result(void);
void test_receive(void);
void test_claim(void);
void test_event(void);
void test_signer(void);
void test_sms(void);
void test_secrecy(void);

#endif
