import { contrastOf, formatColour, mix, parseColour, type Rgb } from "./contrast.ts";
import { usualFavicon } from "./favicon.ts";
import { stylesheet, stylesheetPathOf } from "./stylesheet.ts";

/** A platform's own look. What is not given is as usual. */
export interface LookInput {
  /** The colour of links and of the main button, `#rrggbb`, on a light page. */
  readonly accent?: string | undefined;
  /** The same on a dark page; made from `accent` unless given. */
  readonly accentDark?: string | undefined;
  /** An SVG or PNG as `data:image/…;base64,…`; it is drawn 32 pixels high. At most 64 KiB. */
  readonly logo?: string | undefined;
}

/** What pages are drawn with. */
export interface Look {
  readonly stylesheet: string;
  readonly stylesheetPath: string;
  readonly favicon: string;
  readonly hasLogo: boolean;
}

export const usualLook: Look = {
  stylesheet,
  stylesheetPath: stylesheetPathOf(stylesheet),
  favicon: usualFavicon,
  hasLogo: false,
};

/**
 * The look that a platform's pages have. Text in its colours must stay readable, 4.5 to 1 against every ground it can
 * stand on (WCAG 2.2, 1.4.3): a colour that is not, and a logo that is no image, is a `TypeError` that says why.
 */
export function createLook({ accent, accentDark, logo }: LookInput): Look {
  if (accent === undefined && accentDark === undefined && logo === undefined) return usualLook;
  const light = accent === undefined ? undefined : rulesOf(readColour(accent, "accent"), lightGrounds, "accent");
  const dark = darkOf(accent, accentDark);
  const text = [
    stylesheet,
    light === undefined ? "" : `:root { ${light} }`,
    dark === undefined ? "" : `@media (prefers-color-scheme: dark) { :root { ${dark} } }`,
    logo === undefined ? "" : logoRule(logo),
  ].join("\n");
  return {
    stylesheet: text,
    stylesheetPath: stylesheetPathOf(text),
    favicon: logo ?? usualFavicon,
    hasLogo: logo !== undefined,
  };
}

interface Grounds {
  /** Where text in the accent stands, beside the wash that is made of it. */
  readonly plain: readonly Rgb[];
  readonly washOver: Rgb;
  readonly washShare: number;
  readonly glowOver: Rgb;
  readonly hover: Rgb;
  /** What stands on a button in the accent. */
  on(accent: Rgb): Rgb;
}

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

const lightGrounds: Grounds = {
  plain: [white, [0xf5, 0xf4, 0xf0], [0xf7, 0xf6, 0xf3]],
  washOver: white,
  washShare: 0.1,
  glowOver: [0xf5, 0xf4, 0xf0],
  hover: black,
  on: () => white,
};

const darkGrounds: Grounds = {
  plain: [
    [0x11, 0x14, 0x12],
    [0x1a, 0x1e, 0x1b],
    [0x20, 0x25, 0x21],
  ],
  washOver: [0x1a, 0x1e, 0x1b],
  washShare: 0.15,
  glowOver: [0x11, 0x14, 0x12],
  hover: white,
  on: (accent) => mix(accent, black, 0.15),
};

const leastContrast = 4.5;

/** The variables of one scheme, or a `TypeError` if something in them could not be read. */
function rulesOf(accent: Rgb, grounds: Grounds, name: string): string {
  const worst = worstContrastOf(accent, grounds);
  if (worst < leastContrast)
    throw new TypeError(
      `${name}: text in ${formatColour(accent)} has a contrast of ${worst.toFixed(1)} to 1 at worst, and needs 4.5 to 1; ` +
        `take a ${grounds === lightGrounds ? "darker" : "lighter"} colour`,
    );
  const { washOver, washShare, glowOver, hover } = grounds;
  const variables = {
    accent,
    "accent-hover": mix(accent, hover, 0.8),
    "on-accent": grounds.on(accent),
    "accent-wash": mix(accent, washOver, washShare),
    glow: mix(accent, glowOver, 0.1),
  };
  return Object.entries(variables)
    .map(([variable, colour]) => `--${variable}: ${formatColour(colour)};`)
    .join(" ");
}

function worstContrastOf(accent: Rgb, grounds: Grounds): number {
  const wash = mix(accent, grounds.washOver, grounds.washShare);
  const hover = mix(accent, grounds.hover, 0.8);
  const on = grounds.on(accent);
  const pairs = [
    ...[...grounds.plain, wash].map((ground) => [accent, ground] as const),
    [on, accent],
    [on, hover],
  ] as const;
  return Math.min(...pairs.map(([one, other]) => contrastOf(one, other)));
}

/** A dark page needs a lighter one: the first towards white that can be read. */
function darkOf(accent: string | undefined, accentDark: string | undefined): string | undefined {
  if (accentDark !== undefined) return rulesOf(readColour(accentDark, "accentDark"), darkGrounds, "accentDark");
  if (accent === undefined) return undefined;
  const colour = readColour(accent, "accent");
  const shares = Array.from({ length: 21 }, (_, step) => 1 - step / 20);
  const lighter = shares.map((share) => mix(colour, white, share));
  const readable = lighter.find((one) => worstContrastOf(one, darkGrounds) >= leastContrast) ?? white;
  return rulesOf(readable, darkGrounds, "accentDark");
}

function readColour(text: string, name: string): Rgb {
  const colour = parseColour(text);
  if (colour === undefined) throw new TypeError(`${name}: expected a colour such as #0b6a56, not ${text.slice(0, 40)}`);
  return colour;
}

const maximumLogoCharacters = 90_000;

/** In the stylesheet, so that the page holds no image: it is loaded once and shown on every page. */
function logoRule(logo: string): string {
  if (logo.length > maximumLogoCharacters) throw new TypeError("logo: expected an image of at most 64 KiB");
  if (!/^data:image\/(?:svg\+xml|png);base64,[A-Za-z0-9+/]+=*$/.test(logo))
    throw new TypeError("logo: expected an SVG or PNG as data:image/…;base64,…");
  return `.logo { background: url("${logo}") center / contain no-repeat; }`;
}
