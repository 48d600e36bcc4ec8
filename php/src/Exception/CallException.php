<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/** A call that does not fit, such as a body that is fed after its verdict; or a bug of the library. Nothing was accepted. */
final class CallException extends \LogicException implements HookproofException
{
}
