//! The answer of an asynchronous Number Insight request. It is not signed.

use super::kind::{Amount, Integer, Object, OnlyText, Text, Word};

record! { 'b;
    /// What is known of a number.
    NumberInsight [id: Word = "request_id"] {
        /// Whether the request was carried out; 0 if it was.
        status: Integer = "status",
        /// The same in words.
        status_message: Text = "status_message",
        /// Whether everything was found: 0 all, 1 a part, 2 nothing.
        lookup_outcome: Integer = "lookup_outcome",
        /// The same in words.
        lookup_outcome_message: Text = "lookup_outcome_message",
        /// The number, with its country.
        international_format_number: Word = "international_format_number",
        /// The number, as it is dialled in its country.
        national_format_number: Word = "national_format_number",
        /// The country: ISO 3166-1 alpha-2.
        country_code: Word = "country_code",
        /// The country: ISO 3166-1 alpha-3.
        country_code_iso3: Word = "country_code_iso3",
        /// The country's name.
        country_name: Word = "country_name",
        /// The country's calling code.
        country_prefix: Word = "country_prefix",
        /// What the request cost.
        request_price: Amount = "request_price",
        /// What is paid back of it.
        refund_price: Amount = "refund_price",
        /// What the account has left.
        remaining_balance: Amount = "remaining_balance",
        /// The network that serves the number.
        current_carrier: Carrier<'b> = "current_carrier",
        /// The network that the number was first given to.
        original_carrier: Carrier<'b> = "original_carrier",
        /// Whether the number can exist.
        valid_number: Validity<'b> = "valid_number",
        /// Whether the number can be reached.
        reachable: Reachability<'b> = "reachable",
        /// Whether the number has changed its network.
        ported: Ported<'b> = "ported",
        /// Whether the number is abroad.
        roaming: Roaming<'b> = "roaming",
        /// Who the number belongs to.
        caller_identity: CallerIdentity<'b> = "caller_identity",
        /// Where the user's internet address is, in old versions.
        ip: Object = "ip",
        /// What is odd about the internet address, in old versions.
        ip_warnings: Text = "ip_warnings",
        /// Why something was not found.
        error_text: Text = "error_text",
    }

    /// A network.
    Carrier {
        /// Mobile country code and mobile network code.
        network_code: Word = "network_code",
        /// Its name.
        name: Word = "name",
        /// Its country: ISO 3166-1 alpha-2.
        country: Word = "country",
        /// What kind of network it is.
        network_type: NetworkType<'b> = "network_type",
    }

    /// Where the number is.
    RoamingNetwork {
        /// Whether it is abroad.
        status: RoamingStatus<'b> = "status",
        /// The country that it is in: ISO 3166-1 alpha-2.
        roaming_country_code: Word = "roaming_country_code",
        /// The network that it is in.
        roaming_network_code: Word = "roaming_network_code",
        /// The network's name.
        roaming_network_name: Word = "roaming_network_name",
    }

    /// Who a number belongs to.
    CallerIdentity {
        /// `business`, `consumer` or `unknown`.
        caller_type: Word = "caller_type",
        /// The whole name.
        caller_name: Text = "caller_name",
        /// The first name.
        first_name: Text = "first_name",
        /// The last name.
        last_name: Text = "last_name",
    }
}

either! { 'b;
    /// Whether a number is abroad.
    Roaming {
        /// What is known of it.
        Network: RoamingNetwork<'b>,
        /// `unknown`.
        Unknown: OnlyText,
    }
}

words! {
    /// Whether a number can exist.
    Validity {
        Valid = "valid", NotValid = "not_valid", Unknown = "unknown", Inferred = "inferred",
        InferredNotValid = "inferred_not_valid",
    }

    /// Whether a number can be reached.
    Reachability {
        Reachable = "reachable", Unknown = "unknown", Undeliverable = "undeliverable", Absent = "absent",
        BadNumber = "bad_number", Blacklisted = "blacklisted",
    }

    /// Whether a number has changed its network.
    Ported {
        Ported = "ported", NotPorted = "not_ported", Unknown = "unknown", AssumedPorted = "assumed_ported",
        AssumedNotPorted = "assumed_not_ported",
    }

    /// Whether a number is abroad.
    RoamingStatus { Roaming = "roaming", NotRoaming = "not_roaming", Unknown = "unknown" }

    /// What kind of network it is.
    NetworkType {
        Mobile = "mobile", Landline = "landline", LandlinePremium = "landline_premium",
        LandlineTollfree = "landline_tollfree", Virtual = "virtual", Unknown = "unknown", Pager = "pager",
    }
}
