import type { HowToFacts } from "./facts.ts";
import { quotePhp } from "./quote.ts";

/** The same as one page of PHP, which needs no extension. */
export function phpSnippet(facts: HowToFacts): string {
  const secret = facts.hasSecret ? `\n    'client_secret' => getenv('CLIENT_SECRET'),` : "";
  const issuerCheck = facts.issuerInAnswer ? ` || ($_GET['iss'] ?? '') !== ${quotePhp(facts.issuer)}` : "";
  return `<?php
$clientId = ${quotePhp(facts.clientId)};
$redirectUri = ${quotePhp(facts.redirectUri)};

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);

if (!isset($_GET['state'])) {
  // 1. Send the person there, with a state that only their session knows.
  $_SESSION['state'] = bin2hex(random_bytes(16));
  $_SESSION['code_verifier'] = bin2hex(random_bytes(32));
  $challenge = rtrim(strtr(base64_encode(hash('sha256', $_SESSION['code_verifier'], true)), '+/', '-_'), '=');
  header('Location: ' . ${quotePhp(`${facts.authorizeUrl}?`)} . http_build_query([
    'response_type' => 'code',
    'client_id' => $clientId,
    'redirect_uri' => $redirectUri,
    'scope' => ${quotePhp(facts.scope)},
    'state' => $_SESSION['state'],
    'code_challenge' => $challenge,
    'code_challenge_method' => 'S256',
  ]), true, 303);
  exit;
}

// 2. Check that the answer belongs to this session, and whether it is a yes.
header('Content-Type: text/plain; charset=utf-8');
if (!isset($_SESSION['state']) || !hash_equals($_SESSION['state'], (string) $_GET['state'])${issuerCheck}) {
  http_response_code(400);
  exit('This answer does not belong to this browser. Start again.');
}
if (isset($_GET['error'])) {
  exit($_GET['error'] === 'access_denied'
    ? 'You said no, and that is fine.'
    : 'It did not work: ' . ($_GET['error_description'] ?? $_GET['error']));
}

// 3. Exchange the code, within a minute.
$answer = file_get_contents(${quotePhp(facts.tokenUrl)}, false, stream_context_create(['http' => [
  'method' => 'POST',
  'header' => 'Content-Type: application/x-www-form-urlencoded',
  'ignore_errors' => true,
  'content' => http_build_query([
    'grant_type' => 'authorization_code',
    'client_id' => $clientId,${secret}
    'code' => $_GET['code'] ?? '',
    'code_verifier' => $_SESSION['code_verifier'],
    'redirect_uri' => $redirectUri,
  ]),
]]));
$tokens = json_decode((string) $answer, true);
if (!isset($tokens['access_token'])) {
  http_response_code(502);
  exit("No token: $answer");
}
// Keep $tokens['access_token'] and $tokens['refresh_token'] where only your application can read them.
unset($_SESSION['state'], $_SESSION['code_verifier']);
echo 'Connected. You allowed: ' . implode(' ', (array) ($tokens['scope'] ?? ''));
`;
}
