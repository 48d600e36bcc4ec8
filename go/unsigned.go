package hookproof

import (
	"github.com/hookproof/hookproof/go/events"
	"github.com/hookproof/hookproof/go/internal/native"
)

// Carrier is what carries an unsigned event.
type Carrier int32

// The carriers.
const (
	// CarrierJSON is a body of application/json.
	CarrierJSON = Carrier(native.CarrierJSON)

	// CarrierForm is a body of application/x-www-form-urlencoded.
	CarrierForm = Carrier(native.CarrierForm)

	// CarrierQuery is the raw query, without the question mark.
	CarrierQuery = Carrier(native.CarrierQuery)
)

// ParseUnsigned reads what NOBODY HAS SIGNED: anybody may have written it. For APIs that sign no token: SMS and US short codes, whose
// own signature must be checked by other means, Number Insight, and conversation events while signing is off.
func ParseUnsigned(carrier Carrier, payload []byte) (*events.Event, error) {
	json, status := native.UnsignedEvent(int32(carrier), payload)
	if status != native.OK {
		return nil, readFailure(status)
	}
	return events.FromJSON(json)
}
