//! The SMS API, and the US short codes that share its form. In a delivery receipt `msisdn` is the recipient.

use super::kind::{Address, Amount, Integer, ReceiptTime, SecondTime, Text, Time, Truth, Word};

record! { 'b;
    /// An SMS to one of your numbers.
    SmsInbound [
        id: Word = "messageId", from: Address<'b> = "msisdn", to: Address<'b> = "to",
        occurred_at: Time = "message-timestamp", client_ref: Text = "client-ref",
    ] {
        /// What kind of message it is.
        message_type: SmsType<'b> = "type",
        /// The message. A part of it, if the message came in parts.
        text: Text = "text",
        /// The first word, in upper case.
        keyword: Text = "keyword",
        /// Whether this is one part of a longer message.
        concat: Truth = "concat",
        /// What all parts of the message have in common.
        concat_ref: Integer = "concat-ref",
        /// How many parts the message has.
        concat_total: Integer = "concat-total",
        /// Which part this is; the first is 1.
        concat_part: Integer = "concat-part",
        /// The content of a binary message, in hexadecimal.
        data: Word = "data",
        /// The user data header of a binary message, in hexadecimal.
        udh: Word = "udh",
        /// The account.
        api_key: Word = "api-key",
        /// When it was signed, if it is signed by the SMS API's own scheme.
        signed_at: SecondTime = "timestamp",
        /// The nonce of the SMS API's own signature.
        nonce: Word = "nonce",
        /// The SMS API's own signature.
        sig: Word = "sig",
    }

    /// A delivery receipt for an SMS.
    SmsReceipt [
        id: Word = "messageId", to: Address<'b> = "msisdn", from: Address<'b> = "to",
        occurred_at: Time = "message-timestamp", status: super::envelope::Status<'b> = "status",
        client_ref: Text = "client-ref",
    ] {
        /// The carrier: mobile country code and mobile network code.
        network_code: Word = "network-code",
        /// What the message cost.
        price: Amount = "price",
        /// When the carrier wrote the receipt, to the minute, in UTC.
        receipt_at: ReceiptTime = "scts",
        /// Why the message failed; 0 if it did not.
        err_code: Integer = "err-code",
        /// The account.
        api_key: Word = "api-key",
        /// When it was signed, if it is signed by the SMS API's own scheme.
        signed_at: SecondTime = "timestamp",
        /// The nonce of the SMS API's own signature.
        nonce: Word = "nonce",
        /// The SMS API's own signature.
        sig: Word = "sig",
    }
}

words! {
    /// The kind of an SMS.
    SmsType { Text = "text", Unicode = "unicode", Binary = "binary" }
}
