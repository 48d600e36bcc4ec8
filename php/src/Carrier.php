<?php

declare(strict_types=1);

namespace Hookproof;

/** What carries an event that nobody has signed. */
enum Carrier: int
{
    /** A body of application/json. */
    case Json = Abi::CARRIER_JSON;

    /** A body of application/x-www-form-urlencoded. */
    case Form = Abi::CARRIER_FORM;

    /** The raw query, without the question mark. */
    case Query = Abi::CARRIER_QUERY;
}
