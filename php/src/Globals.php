<?php

declare(strict_types=1);

namespace Hookproof;

use Hookproof\Exception\WebhookRefused;
use Hookproof\Store\Store;

/**
 * The request that PHP is answering: reads it from the server's variables, and answers it. See Verifier::handleGlobals().
 *
 * @internal
 */
final class Globals
{
    private const CHUNK = 65536;

    /** Errors after which no line of the script is run. */
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    private readonly \Closure $log;

    public function __construct(private readonly Verifier $verifier, ?callable $log = null)
    {
        $this->log = static function (string $line, ?\Throwable $failure) use ($log): void {
            try {
                $log === null ? error_log("hookproof: $line") : $log($line, $failure);
            } catch (\Throwable $broken) {
                // The answer must not depend on the log: after a 500 the sender does not repeat everywhere.
                error_log("hookproof: $line");
                error_log('hookproof: the log failed: ' . $broken::class);
            }
        };
    }

    public static function request(?string $route, #[\SensitiveParameter] string $body = ''): Request
    {
        $headers = [];
        $add = static function (string $name, #[\SensitiveParameter] string $value) use (&$headers): void {
            // An empty one hides no other: a rewriting rule sets it to nothing after a redirect.
            $headers[$name] = ($headers[$name] ?? []) ?: self::split($value);
        };
        foreach ($_SERVER as $name => $value) {
            // Apache puts REDIRECT_ before it at each internal redirect.
            if (is_string($value) && preg_match('/^(?:REDIRECT_)*HTTP_(.+)$/', (string) $name, $found) === 1) {
                $add(strtolower(strtr($found[1], '_', '-')), $value);
            }
        }
        // Some servers hand a field over here alone.
        if (function_exists('getallheaders')) {
            foreach (getallheaders() as $name => $value) {
                $add(strtolower((string) $name), (string) $value);
            }
        }
        return new Request(
            $body,
            array_filter($headers, static fn (array $values): bool => $values !== []),
            (string) ($_SERVER['REQUEST_METHOD'] ?? 'POST'),
            self::queryOf((string) ($_SERVER['REQUEST_URI'] ?? '')) ?? (string) ($_SERVER['QUERY_STRING'] ?? ''),
            $route,
        );
    }

    /**
     * The fields that a server has joined into one text with commas (RFC 9110, 5.3): two tokens must not read as one.
     *
     * @return list<string>
     */
    public static function split(#[\SensitiveParameter] string $value): array
    {
        if ($value === '') {
            return [];
        }
        return stripos($value, 'bearer', 1) === false
            ? [$value]
            : (preg_split('/,[ \t]*(?=bearer[ \t])/i', $value) ?: [$value]);
    }

    /** The query of a request target as it was sent; null where there is no target. */
    public static function queryOf(string $target): ?string
    {
        if ($target === '') {
            return null;
        }
        $query = strstr(explode('#', $target, 2)[0], '?');
        return $query === false ? '' : substr($query, 1);
    }

    public function handle(
        Store $store,
        callable $handler,
        Duplicates $duplicates,
        ?string $route,
        ?string $account,
    ): bool {
        // A sender that hangs up must not end the work in its middle.
        ignore_user_abort(true);
        try {
            $received = $this->receive($store, $duplicates, $route, $account);
        } catch (WebhookRefused $refusal) {
            ($this->log)($refusal->getMessage() . $this->advice($refusal), $refusal);
            $this->send($refusal->httpStatus, $refusal->retryAfter, '');
            // PHP would read the rest of the body before it answers.
            if (function_exists('fastcgi_finish_request')) {
                fastcgi_finish_request();
            }
            return false;
        } catch (\Throwable $failure) {
            ($this->log)($failure::class . ': ' . $failure->getMessage(), $failure);
            $this->sendRetry();
            return false;
        }
        return $this->work($received, $handler);
    }

    private function receive(Store $store, Duplicates $duplicates, ?string $route, ?string $account): Received
    {
        $head = self::request($route);
        $length = $_SERVER['CONTENT_LENGTH'] ?? '';
        $length = is_string($length) && preg_match('/^[0-9]{1,18}\z/', $length) === 1 ? (int) $length : null;
        $input = fopen('php://input', 'rb');
        if ($input === false) {
            throw new \RuntimeException('php://input cannot be read');
        }
        $read = static function () use ($input): string {
            $chunk = feof($input) ? '' : fread($input, self::CHUNK);
            return $chunk !== false ? $chunk : throw new \RuntimeException('php://input cannot be read');
        };
        return $this->verifier->claimRead($head, $length, $read, $store, $duplicates, $account);
    }

    private function work(Received $received, callable $handler): bool
    {
        $isRunning = true;
        $level = ob_get_level();
        // Where the handler ends the script, by exit() or a fatal error, nothing below is reached.
        $process = getmypid();
        register_shutdown_function(function () use (&$isRunning, $received, $level, $process): void {
            // A process that the handler has forked ends here too, and has no answer to give.
            if (getmypid() !== $process) {
                return;
            }
            $isFatal = ((error_get_last()['type'] ?? 0) & self::FATAL) !== 0;
            // One that has confirmed by itself, or had no claim, and then calls exit() has given its answer.
            if ($isRunning && ($received->isOpen() || $isFatal)) {
                $received->end(false);
                $this->discard($level);
                ($this->log)('the handler ended the script: the claim is released, and the sender is told to try again', null);
                $this->sendRetry();
            }
        });
        // The sender is no reader of errors; and where they are displayed, PHP sends a fatal one with 200 before that function
        // is called. They are logged as ever.
        $displayed = ini_set('display_errors', '0');
        ob_start();
        try {
            $answer = $handler($received);
            if (is_array($answer)) {
                $answer = json_encode($answer, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
                header('Content-Type: application/json');
            }
        } catch (\Throwable $failure) {
            $isRunning = false;
            $received->end(false);
            $this->discard($level);
            // Without its text, which may hold what was in the webhook.
            ($this->log)(
                sprintf('the handler failed: %s in %s:%d', $failure::class, $failure->getFile(), $failure->getLine()),
                $failure,
            );
            $this->sendRetry();
            return false;
        }
        $printed = '';
        // Each is taken once: one that PHP does not let go would be taken for ever.
        for ($current = ob_get_level(); $current > $level && ob_get_level() === $current; $current--) {
            $printed = ob_get_clean() . $printed;
        }
        $status = is_int($answer) ? $answer : (http_response_code() ?: 200);
        $isDone = in_array($status, Abi::PROCESSED, true);
        $received->end($isDone);
        $isRunning = false;
        ini_set('display_errors', (string) $displayed);
        if ($status === 500) {
            // The sender does not repeat after a 500 everywhere.
            $this->sendRetry();
            return false;
        }
        $this->send($status, null, $printed . (is_string($answer) ? $answer : ''));
        return $isDone;
    }

    private function discard(int $level): void
    {
        while (ob_get_level() > $level && ob_end_clean()) {
            continue;
        }
    }

    private function sendRetry(): void
    {
        $status = $this->verifier->retryStatus;
        if (!headers_sent()) {
            // The whole line: a fatal error has set one of its own, which a number does not replace.
            header("HTTP/1.1 $status " . ($status === 429 ? 'Too Many Requests' : 'Service Unavailable'), true, $status);
            // They were of the body that is not sent, and the sender would wait for it.
            header_remove('Content-Length');
            header_remove('Content-Encoding');
        }
        $this->send($status, $this->verifier->retryAfter(), '');
    }

    private function send(int $status, ?int $retryAfter, string $body): void
    {
        if (headers_sent($file, $line)) {
            if ($status !== http_response_code()) {
                ($this->log)("the answer $status could not be given: output had begun in $file:$line", null);
            }
        } else {
            http_response_code($status);
            if ($retryAfter !== null) {
                header("Retry-After: $retryAfter");
            }
        }
        echo $body;
    }

    /** What this server does to requests, where that explains a refusal. */
    private function advice(WebhookRefused $refusal): string
    {
        $length = (int) ($_SERVER['CONTENT_LENGTH'] ?? 0);
        return match ($refusal->reason) {
            Reason::HeaderMissing => self::stripped($this->verifier->headerName),
            Reason::PayloadMismatch => $length > 0 && strlen((string) file_get_contents('php://input')) !== $length
                ? ' PHP has dropped the body: it is larger than post_max_size (' . ini_get('post_max_size') . '), or'
                    . ' multipart/form-data; set enable_post_data_reading = Off for this script'
                : '',
            default => '',
        };
    }

    /** How to stop a server from taking the header away. */
    private static function stripped(string $header): string
    {
        if (strcasecmp($header, 'Authorization') !== 0) {
            return '';
        }
        $server = (string) ($_SERVER['SERVER_SOFTWARE'] ?? '');
        return match (true) {
            str_starts_with($server, 'Apache') => ' Apache hands Authorization to PHP only with `CGIPassAuth On` (in <Directory>,'
                . ' <Location> or .htaccess), or by `SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1`',
            str_starts_with($server, 'nginx') => ' nginx hands Authorization to PHP unless fastcgi_pass_request_headers is off:'
                . ' then add `fastcgi_param HTTP_AUTHORIZATION $http_authorization if_not_empty;`',
            default => ' A server or proxy before PHP may have taken the header Authorization away',
        };
    }
}
