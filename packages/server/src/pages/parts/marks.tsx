import { initialOf } from "../display-text.ts";
import { ringPath } from "../favicon.ts";
import type { Frame } from "../views.ts";

/** The mark of the platform: its logo, or a ring that opens, and what passes through. */
export function PlatformMark({ of }: { readonly of: Frame["platform"] }) {
  if (of.look?.hasLogo === true) return <span class="mark logo" aria-hidden="true" />;
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <path class="mark-line" d={ringPath} fill="none" stroke-width="3" stroke-linecap="round" />
      <circle class="mark-dot" cx="22.6" cy="16" r="2.6" />
    </svg>
  );
}

/** A tile with the first letter of a name: logos of applications are not loaded, since nobody has checked them. */
export function Tile({ name, round }: { readonly name: string; readonly round?: boolean }) {
  return (
    <span class={round ? "tile round" : "tile"} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

export function CheckMark() {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d="M4.5 10.5l3.6 3.6 7.4-8.2"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
