<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/** The library could not be loaded: the text says what was tried, and which setting helps. */
final class LibraryException extends \RuntimeException implements HookproofException
{
    /** @internal */
    public function __construct(string $message, public readonly bool $isFinal = false)
    {
        parent::__construct($message);
    }
}
