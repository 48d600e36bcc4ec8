<?php

declare(strict_types=1);

namespace Hookproof;

/**
 * The numbers of the C interface. Generated from include/hookproof.h (`cargo xtask php`).
 *
 * @internal
 */
final class Abi
{
    public const ABI_VERSION = 1;
    public const VERSION_MAJOR = 0;
    public const VERSION_MINOR = 1;
    public const VERSION_PATCH = 0;
    public const VERSION_STRING = '0.1.0';
    public const OK = 0;
    public const E_NULL = 1;
    public const E_UTF8 = 2;
    public const E_ARGUMENT = 3;
    public const E_CONFIG = 4;
    public const E_STATE = 5;
    public const E_INTERNAL = 6;
    public const PENDING_BODY = 50;
    public const PENDING_REPLAY = 51;
    public const NO_EFFECT = 52;
    public const RETRY_WINDOW = 87300;
    public const ADVICE_LOSSLESS = 0;
    public const ADVICE_CONVENTIONAL = 1;
    public const DEFAULT_STORE_CAPACITY = 262144;
    public const MAX_STORE_CAPACITY = 100000000;
    public const MAX_STORE_BUDGET_MS = 60000;
    public const COLD_START_ALLOW = 0;
    public const COLD_START_REFUSE = 1;
    public const DURABILITY_PROCESS_CRASH = 0;
    public const DURABILITY_POWER_LOSS = 1;
    public const MAX_API_KEY_BYTES = 128;
    public const LENGTH_UNKNOWN = -1;
    public const DUPLICATES_REFUSE = 0;
    public const DUPLICATES_HAND_ON = 1;
    public const REPLAY_CLAIMED = 0;
    public const REPLAY_IN_PROGRESS = 1;
    public const REPLAY_DUPLICATE = 2;
    public const REPLAY_UNAVAILABLE = 3;
    public const REPLAY_FULL = 4;
    public const CARRIER_JSON = 0;
    public const CARRIER_FORM = 1;
    public const CARRIER_QUERY = 2;
    public const SMS_FORM = 0;
    public const SMS_JSON = 1;

    /** The statuses of an answer which mean that the work is done, so that its claim is confirmed. */
    public const PROCESSED = [200, 201, 202, 203, 204, 205];
}
