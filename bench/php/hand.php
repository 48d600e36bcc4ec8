<?php

declare(strict_types=1);

/**
 * What a careful programmer writes without a library: the header's form, the algorithm, the signature in constant time,
 * issuer, age and the hash of the body. It reads JSON as PHP does, so that names may stand twice, and does not look at
 * secrets with dates, applications or other claims.
 */
final class HandVerifier
{
    /** @param array<string, string> $secrets */
    public function __construct(private readonly array $secrets)
    {
    }

    /** @return array<string, mixed>|null the claims */
    public function verify(string $authorization, string $body, int $now): ?array
    {
        if (preg_match('/\ABearer +([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\z/i', $authorization, $parts) !== 1) {
            return null;
        }
        $header = json_decode((string) base64_decode(strtr($parts[1], '-_', '+/'), true), true);
        if (!is_array($header) || ($header['alg'] ?? null) !== 'HS256' || isset($header['crit'])) {
            return null;
        }
        $claims = json_decode((string) base64_decode(strtr($parts[2], '-_', '+/'), true), true);
        if (!is_array($claims) || !is_string($claims['api_key'] ?? null)) {
            return null;
        }
        $secret = $this->secrets[$claims['api_key']] ?? null;
        $signature = base64_decode(strtr($parts[3], '-_', '+/'), true);
        if ($secret === null || $signature === false) {
            return null;
        }
        if (!hash_equals(hash_hmac('sha256', "$parts[1].$parts[2]", $secret, true), $signature)) {
            return null;
        }
        if (($claims['iss'] ?? null) !== 'Vonage' || !is_int($claims['iat'] ?? null) || !is_string($claims['jti'] ?? null)) {
            return null;
        }
        if ($claims['iat'] > $now + 60 || $claims['iat'] < $now - 300) {
            return null;
        }
        if (!is_string($claims['payload_hash'] ?? null) || !hash_equals(hash('sha256', $body), $claims['payload_hash'])) {
            return null;
        }
        return $claims;
    }
}
