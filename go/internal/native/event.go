package native

// #include "shim.h"
import "C"

import "runtime"

// What carries an unsigned event.
const (
	CarrierJSON  = int32(C.HOOKPROOF_CARRIER_JSON)
	CarrierForm  = int32(C.HOOKPROOF_CARRIER_FORM)
	CarrierQuery = int32(C.HOOKPROOF_CARRIER_QUERY)
)

func eventJSON(status C.hookproof_status, event *C.hookproof_event) (string, int32) {
	defer C.hookproof_event_free(event)
	if status != C.HOOKPROOF_OK {
		return "", int32(status)
	}
	return text(C.hookproof_event_json(event)), OK
}

// UnsignedEvent reads what nobody has signed, as JSON.
func UnsignedEvent(carrier int32, payload []byte) (string, int32) {
	var out *C.hookproof_event
	status := C.hookproof_event_new_unsigned(C.int32_t(carrier), bytesOf(payload), size(payload), &out)
	runtime.KeepAlive(payload)
	return eventJSON(status, out)
}

// Event reads what an accepted request says, as JSON.
func (r *Result) Event(body []byte) (string, int32) {
	ptr := r.take()
	defer r.leave(ptr)
	var out *C.hookproof_event
	status := C.hookproof_event_new(ptr, bytesOf(body), size(body), &out)
	runtime.KeepAlive(body)
	return eventJSON(status, out)
}
