//! The Messages API, version 1: inbound messages and message status.

use super::envelope::{Channel, Status};
use super::kind::{Address, Amount, Any, Integer, List, Object, OnlyText, Text, Time, Word};

record! { 'b;
    /// A message to one of your numbers, pages or services.
    MessagesInbound [
        id: Word = "message_uuid", from: Address<'b> = "from", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", channel: Channel<'b> = "channel", client_ref: Text = "client_ref",
    ] {
        /// What kind of message it is. An SMS may come without.
        message_type: MessageType<'b> = "message_type",
        /// The text.
        text: Text = "text",
        /// A picture.
        image: Media<'b> = "image",
        /// A sound.
        audio: Media<'b> = "audio",
        /// A film.
        video: Media<'b> = "video",
        /// A file.
        file: Media<'b> = "file",
        /// A business card.
        vcard: Media<'b> = "vcard",
        /// A sticker.
        sticker: Media<'b> = "sticker",
        /// Several attachments of one message.
        content: List<Attachment<'b>> = "content",
        /// A place.
        location: Location<'b> = "location",
        /// Contacts.
        contact: Contact<'b> = "contact",
        /// What was chosen from a list or from suggestions.
        reply: Reply<'b> = "reply",
        /// The button that was pressed.
        button: Button<'b> = "button",
        /// An order from a catalogue.
        order: Order<'b> = "order",
        /// A reaction to a message.
        reaction: Reaction<'b> = "reaction",
        /// Who wrote the message, as the channel knows them.
        profile: Profile<'b> = "profile",
        /// The message that this one is about.
        context: Context<'b> = "context",
        /// Whether [`MessagesInbound::context`] is there.
        context_status: ContextStatus<'b> = "context_status",
        /// The channel's own text for a message that is not supported.
        provider_message: Text = "provider_message",
        /// What the message costs.
        usage: Usage<'b> = "usage",
        /// The network that it came from.
        origin: Network<'b> = "origin",
        /// What only an SMS has.
        sms: SmsDetail<'b> = "sms",
        /// What only an MMS has.
        mms: Object = "mms",
        /// What only a WhatsApp message has.
        whatsapp: Whatsapp<'b> = "whatsapp",
        /// This message's own address.
        self_link: Link<'b> = "_self",
    }

    /// A message that you have sent has a new status.
    MessagesStatus [
        id: Word = "message_uuid", from: Address<'b> = "from", to: Address<'b> = "to",
        occurred_at: Time = "timestamp", status: Status<'b> = "status", channel: Channel<'b> = "channel",
        client_ref: Text = "client_ref",
    ] {
        /// Why the message did not arrive.
        error: Problem<'b> = "error",
        /// What the message costs.
        usage: Usage<'b> = "usage",
        /// The place of the message in its failover.
        workflow: Workflow<'b> = "workflow",
        /// The network that it went to.
        destination: Network<'b> = "destination",
        /// Who the message went to, as the channel knows them.
        profile: Profile<'b> = "profile",
        /// What only an SMS has.
        sms: SmsDetail<'b> = "sms",
        /// What only a WhatsApp message has.
        whatsapp: Whatsapp<'b> = "whatsapp",
        /// This message's own address.
        self_link: Link<'b> = "_self",
    }

    /// A picture, sound, film, file, card or sticker.
    Media {
        /// Where it is. Media of WhatsApp need the application's own credentials.
        url: Word = "url",
        /// Its name.
        name: Text = "name",
        /// The text that came with it.
        caption: Text = "caption",
    }

    /// One of several attachments.
    Attachment {
        /// What it is: `image`, `vcard` ...
        content_type: Word = "type",
        /// Where it is.
        url: Word = "url",
    }

    /// A place on earth.
    Location {
        /// Degrees north.
        lat: Amount = "lat",
        /// Degrees east.
        long: Amount = "long",
        /// Its name.
        name: Text = "name",
        /// Its address.
        address: Text = "address",
        /// A page about it.
        url: Word = "url",
    }

    /// Contacts. What a contact consists of is not documented.
    Contact {
        /// The contacts.
        contacts: List<Any> = "contacts",
    }

    /// What was chosen.
    Reply {
        /// The id that your message gave it.
        id: Text = "id",
        /// What it says.
        title: Text = "title",
        /// What it says beneath.
        description: Text = "description",
    }

    /// A button that was pressed.
    Button {
        /// What your message gave it, or the answers of a flow.
        payload: ButtonPayload<'b> = "payload",
        /// What it says.
        text: Text = "text",
        /// What kind of button it is.
        subtype: Word = "subtype",
    }

    /// An order.
    Order {
        /// The catalogue.
        catalog_id: Word = "catalog_id",
        /// What is ordered.
        product_items: List<ProductItem<'b>> = "product_items",
        /// What was written with it.
        text: Text = "text",
    }

    /// One line of an order.
    ProductItem {
        /// The product.
        product_retailer_id: Word = "product_retailer_id",
        /// How many.
        quantity: Integer = "quantity",
        /// The price of one.
        item_price: Amount = "item_price",
        /// The currency.
        currency: Word = "currency",
    }

    /// A reaction to a message.
    Reaction {
        /// Whether it comes or goes.
        action: ReactionAction<'b> = "action",
        /// The emoji.
        emoji: Text = "emoji",
    }

    /// A person, as a channel knows them.
    Profile {
        /// The name they show.
        name: Text = "name",
        /// Their user name.
        username: Text = "username",
    }

    /// The message that another is about.
    Context {
        /// Its id.
        message_uuid: Word = "message_uuid",
        /// Who wrote it.
        message_from: Word = "message_from",
        /// The product that it is about.
        whatsapp_referred_product: ReferredProduct<'b> = "whatsapp_referred_product",
    }

    /// A product that a message is about.
    ReferredProduct {
        /// The catalogue.
        catalog_id: Word = "catalog_id",
        /// The product.
        product_retailer_id: Word = "product_retailer_id",
    }

    /// What a message costs.
    Usage {
        /// The currency.
        currency: Word = "currency",
        /// The price.
        price: Amount = "price",
    }

    /// A network.
    Network {
        /// Mobile country code and mobile network code.
        network_code: Word = "network_code",
    }

    /// What only an SMS has.
    SmsDetail {
        /// How many parts the inbound message came in.
        num_messages: Integer = "num_messages",
        /// The first word of the inbound message, in upper case.
        keyword: Text = "keyword",
        /// How many parts the message has.
        count_total: Integer = "count_total" | "total_count",
        /// What became of each part.
        segments: List<Segment<'b>> = "segments",
    }

    /// A part of an SMS.
    Segment {
        /// When.
        occurred_at: Time = "timestamp",
        /// What became of it.
        status: Status<'b> = "status",
        /// Why it failed.
        error_code: Word = "error_code",
    }

    /// What only a WhatsApp message has.
    Whatsapp {
        /// The advertisement that led to the message.
        referral: Referral<'b> = "referral",
        /// The product that the message is about.
        whatsapp_referred_product: ReferredProduct<'b> = "whatsapp_referred_product",
        /// Who wrote the message.
        sender: WhatsappUser<'b> = "sender",
        /// Who the message went to.
        recipient: WhatsappUser<'b> = "recipient",
        /// The business account.
        waba_id: Word = "waba_id",
        /// By which rules the message costs.
        pricing: Pricing<'b> = "pricing",
        /// The conversation, which the message may belong to.
        conversation: Conversation<'b> = "conversation",
    }

    /// The advertisement that led to a message.
    Referral {
        /// Its text.
        body: Text = "body",
        /// Its headline.
        headline: Text = "headline",
        /// Its id.
        source_id: Word = "source_id",
        /// `ad` or `post`.
        source_type: Word = "source_type",
        /// Where it is.
        source_url: Word = "source_url",
        /// What it shows.
        media_type: Word = "media_type",
        /// Its picture.
        image_url: Word = "image_url",
        /// Its film.
        video_url: Word = "video_url",
        /// The small picture of its film.
        thumbnail_url: Word = "thumbnail_url",
        /// The id of the click.
        ctwa_clid: Word = "ctwa_clid",
    }

    /// A user of WhatsApp.
    WhatsappUser {
        /// The business-scoped id.
        user_id: Word = "user_id",
        /// The id in the parent business.
        parent_user_id: Word = "parent_user_id",
        /// The number.
        wa_id: Word = "wa_id",
    }

    /// By which rules a WhatsApp message costs.
    Pricing {
        /// `regular`, or why it is free.
        pricing_type: Word = "type",
        /// `PMP`, `CBP`.
        pricing_model: Word = "pricing_model",
        /// `service`, `marketing`, `utility`, `authentication`.
        category: Word = "category",
    }

    /// A WhatsApp conversation.
    Conversation {
        /// Its id.
        id: Word = "id",
        /// Why it began.
        origin: ConversationOrigin<'b> = "origin",
    }

    /// Why a WhatsApp conversation began.
    ConversationOrigin {
        /// Its category.
        origin_type: Word = "type",
    }

    /// Why a message did not arrive.
    Problem {
        /// A page about it.
        problem_type: Word = "type",
        /// Its code.
        title: ProblemTitle<'b> = "title",
        /// What it is, in words.
        detail: Text = "detail",
        /// Its own id, for the support.
        instance: Word = "instance",
    }

    /// The place of a message in its failover.
    Workflow {
        /// The failover.
        workflow_id: Word = "workflow_id" | "id",
        /// Which message this is; the first is 1.
        items_number: Integer = "items_number" | "item_number",
        /// How many there are.
        items_total: Integer = "items_total" | "total_items",
    }

    /// An address on the web.
    Link {
        /// The address.
        href: Word = "href",
    }
}

either! { 'b;
    /// What a button brings.
    ButtonPayload {
        /// What your message gave it.
        Text: OnlyText,
        /// The answers of a flow.
        Flow: Object,
    }

    /// The code of a problem.
    ProblemTitle {
        /// As text.
        Text: OnlyText,
        /// As a number, in the older form.
        Code: Integer,
    }
}

words! {
    /// What kind of message it is.
    MessageType {
        Text = "text", Image = "image", Audio = "audio", Video = "video", File = "file", Vcard = "vcard",
        Content = "content", Sticker = "sticker", Location = "location", Contact = "contact", Reply = "reply",
        Button = "button", Order = "order", Reaction = "reaction", Unsupported = "unsupported",
    }

    /// Whether the message that another is about is named.
    ContextStatus { None = "none", Available = "available", Unavailable = "unavailable" }

    /// Whether a reaction comes or goes.
    ReactionAction { React = "react", Unreact = "unreact" }
}
