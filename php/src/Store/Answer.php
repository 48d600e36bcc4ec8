<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Abi;

/** What a store of your own says to a claim. */
enum Answer: int
{
    /** The identity was free, or its lease was over, and it is the owner's now. */
    case Claimed = Abi::REPLAY_CLAIMED;

    /** Another owner holds it, and its lease runs. */
    case InProgress = Abi::REPLAY_IN_PROGRESS;

    /** It is done. */
    case Duplicate = Abi::REPLAY_DUPLICATE;

    /** The store did not answer in time. */
    case Unavailable = Abi::REPLAY_UNAVAILABLE;

    /** The store has no room. */
    case Full = Abi::REPLAY_FULL;
}
