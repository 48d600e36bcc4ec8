<?php

declare(strict_types=1);

namespace Hookproof\Laravel;

use Hookproof\Exception\WebhookRefused;
use Hookproof\Request as Incoming;
use Hookproof\Store\Store;
use Hookproof\Verifier;
use Hookproof\Webhook;
use Illuminate\Http\Request;
use Spatie\WebhookClient\SignatureValidator\SignatureValidator as Contract;
use Spatie\WebhookClient\WebhookConfig;
use Symfony\Component\HttpKernel\Exception\HttpException;

/**
 * A signature validator for spatie/laravel-webhook-client: name it as `signature_validator` in config/webhook-client.php, and
 * bind the verifier, and the store if repeats shall be refused, in a service provider.
 *
 * That package stores a webhook before it answers, and works on it in a queue. A store here makes that at most once: where
 * writing the webhook fails, its retry is a duplicate. VerifyWebhook, as a middleware of the route, loses none.
 *
 * A refusal leaves as an HttpException with the answer of the table: the package's own answer would make the sender drop what
 * it should keep. The signing secret of the package's configuration plays no part.
 */
final class SignatureValidator implements Contract
{
    public function __construct(private readonly Verifier $verifier, private readonly ?Store $store = null)
    {
    }

    public function isValid(Request $request, WebhookConfig $config): bool
    {
        $incoming = Incoming::fromSymfony($request);
        try {
            $webhook = $this->store === null
                ? $this->verifier->verify($incoming)
                : $this->verifier->verifyOnce($incoming, $this->store);
        } catch (WebhookRefused $refusal) {
            error_log('hookproof: ' . $refusal->getMessage());
            throw new HttpException(
                $refusal->httpStatus,
                '',
                $refusal,
                $refusal->retryAfter === null ? [] : ['Retry-After' => (string) $refusal->retryAfter],
            );
        }
        $request->attributes->set(Webhook::class, $webhook);
        return true;
    }
}
