/**
 * The headers of every page. Pages show names a stranger chose and decide what he may do, so a browser is
 * allowed to do with them only what they need: one stylesheet, images inside the page, and their forms.
 */
export const pageHeaders: readonly (readonly [name: string, value: string])[] = [
  ["Content-Type", "text/html; charset=utf-8"],
  // No `form-action`: Chromium holds every redirect after a form to it, and it cannot name a loopback or private
  // scheme that an application may have registered.
  [
    "Content-Security-Policy",
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  ],
  // For browsers older than `frame-ancestors` (RFC 9700, 4.16).
  ["X-Frame-Options", "DENY"],
  // Not `no-referrer`: with it a browser sends `Origin: null` with our own forms, which we refuse.
  ["Referrer-Policy", "same-origin"],
  ["X-Content-Type-Options", "nosniff"],
  // A page holds an anti-forgery token or a secret shown once; Back after signing out must show neither.
  ["Cache-Control", "no-store"],
  // Nobody embeds or reads a page from elsewhere.
  ["Cross-Origin-Resource-Policy", "same-origin"],
  // No page uses any of these; if one is ever attacked, its attacker does not get them either.
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
  // No `Cross-Origin-Opener-Policy`: applications that open this page in a window of its own wait for its callback to
  // speak to `window.opener`, which any value but the default cuts for good.
];

/** The headers of the stylesheet. Its path names its content, so a browser may keep it for ever. */
export const stylesheetHeaders: readonly (readonly [name: string, value: string])[] = [
  ["Content-Type", "text/css; charset=utf-8"],
  ["Cache-Control", "public, max-age=31536000, immutable"],
  ["X-Content-Type-Options", "nosniff"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
];
