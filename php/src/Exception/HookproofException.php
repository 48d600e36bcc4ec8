<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/** Everything that this package throws by itself. */
interface HookproofException extends \Throwable
{
}
