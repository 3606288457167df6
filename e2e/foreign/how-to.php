<?php
// Twitch's old how-to in PHP with curl, and the two calls that a script needs later. Run: php how-to.php CODE
$platform = getenv('PLATFORM') . '/kraken/oauth2';
$client = ['client_id' => getenv('CLIENT_ID'), 'client_secret' => getenv('CLIENT_SECRET')];

function post($url, $fields) {
    $request = curl_init($url);
    curl_setopt($request, CURLOPT_POST, true);
    // curl sends an array as multipart/form-data and a string as a form; scripts in the wild do either.
    curl_setopt($request, CURLOPT_POSTFIELDS, getenv('AS_STRING') ? http_build_query($fields) : $fields);
    curl_setopt($request, CURLOPT_RETURNTRANSFER, true);
    $body = curl_exec($request);
    return ['status' => curl_getinfo($request, CURLINFO_RESPONSE_CODE), 'body' => json_decode($body, true)];
}

$first = post("$platform/token", $client + [
    'grant_type' => 'authorization_code',
    'redirect_uri' => 'http://localhost/',
    'code' => $argv[1],
]);
$second = post("$platform/token", $client + [
    'grant_type' => 'refresh_token',
    'refresh_token' => $first['body']['refresh_token'],
]);
$revoked = post("$platform/revoke", $client + ['token' => $second['body']['access_token']]);
echo json_encode([$first, $second, $revoked]);
