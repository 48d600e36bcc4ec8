<?php

declare(strict_types=1);

namespace Hookproof\Store;

/** What to ask a store of your own. */
final readonly class Question
{
    /** @internal */
    public function __construct(
        /** What makes two requests the same one: 32 hexadecimal digits, the same in every language. */
        public string $identity,
        /** Who claims it: 32 hexadecimal digits, never the same twice. */
        public string $owner,
        /** How long the claim is held, in seconds; 0: it is done at once. */
        public int $leaseSeconds,
        /** How long the identity must be kept from now on, in seconds. */
        public int $keepSeconds,
    ) {
    }
}
