package native

// #include "shim.h"
import "C"

// The tables of Policy.SetAdvice.
const (
	Lossless     = int32(C.HOOKPROOF_ADVICE_LOSSLESS)
	Conventional = int32(C.HOOKPROOF_ADVICE_CONVENTIONAL)
)

// RetryWindow is a max_age that accepts every retry of the sender, in seconds.
const RetryWindow = uint32(C.HOOKPROOF_RETRY_WINDOW)

// Policy holds the rules while they are set.
type Policy struct {
	handle[*C.hookproof_policy]
}

// NewPolicy makes the standard one.
func NewPolicy() *Policy {
	p := new(Policy)
	p.own(C.hookproof_policy_new(), func(ptr *C.hookproof_policy) { C.hookproof_policy_free(ptr) })
	return p
}

func (p *Policy) set(setter func(*C.hookproof_policy) C.hookproof_status) (int32, string) {
	ptr := p.take()
	defer p.leave(ptr)
	status := int32(setter(ptr))
	return status, text(C.hookproof_policy_error(ptr))
}

// The setters are those of the C library, under its names.

func (p *Policy) SetMaxAge(seconds uint32) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_max_age(ptr, C.uint32_t(seconds))
	})
}

func (p *Policy) SetLeeway(seconds uint32) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_leeway(ptr, C.uint32_t(seconds))
	})
}

func (p *Policy) SetLease(seconds uint32) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_lease(ptr, C.uint32_t(seconds))
	})
}

func (p *Policy) SetMaxHeaderBytes(bytes uint64) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_max_header_bytes(ptr, C.size_t(bytes))
	})
}

func (p *Policy) SetMaxBodyBytes(bytes uint64) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_max_body_bytes(ptr, C.uint64_t(bytes))
	})
}

func (p *Policy) SetHeaderName(name string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_header_name(ptr, chars(name), size(name))
	})
}

func (p *Policy) SetExpectedIssuer(issuer string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_expected_issuer(ptr, chars(issuer), size(issuer))
	})
}

func (p *Policy) AddBodyMethod(method string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_add_body_method(ptr, chars(method), size(method))
	})
}

func (p *Policy) SetProfile(name string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_profile(ptr, chars(name), size(name))
	})
}

func (p *Policy) AddPayloadForm(name string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_add_payload_form(ptr, chars(name), size(name))
	})
}

func (p *Policy) AddOwnQuery(query string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_add_own_query(ptr, chars(query), size(query))
	})
}

func (p *Policy) SetAdvice(advice int32) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_advice(ptr, C.int32_t(advice))
	})
}

func (p *Policy) SetRetryStatus(httpStatus int32) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_set_retry_status(ptr, C.int32_t(httpStatus))
	})
}

func (p *Policy) UsePublishedNetworks() (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_use_published_networks(ptr)
	})
}

func (p *Policy) AddNetwork(network string) (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_add_network(ptr, chars(network), size(network))
	})
}

func (p *Policy) DangerouslyAllowMissingPayloadHash() (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_dangerously_allow_missing_payload_hash(ptr)
	})
}

func (p *Policy) DangerouslyAllowMissingNonce() (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_dangerously_allow_missing_nonce(ptr)
	})
}

func (p *Policy) DangerouslyAcceptAndFlagStoreFailures() (int32, string) {
	return p.set(func(ptr *C.hookproof_policy) C.hookproof_status {
		return C.hookproof_policy_dangerously_accept_and_flag_store_failures(ptr)
	})
}
