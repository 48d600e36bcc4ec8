<?php

declare(strict_types=1);

namespace Hookproof;

/** What becomes of a repeat whose work is done. */
enum Duplicates: int
{
    /** It is refused, with the answer 200. */
    case Refuse = Abi::DUPLICATES_REFUSE;

    /** It is accepted once more, marked, and without a claim: for endpoints whose answer has content. */
    case HandOn = Abi::DUPLICATES_HAND_ON;
}
