import { initialOf } from "../display-text.ts";

/** The mark of the platform: a ring that opens, and what passes through. */
export function PlatformMark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <path class="mark-line" d={ringPath} fill="none" stroke-width="3" stroke-linecap="round" />
      <circle class="mark-dot" cx="22.6" cy="16" r="2.6" />
    </svg>
  );
}

/** The same mark for the browser's tab, inside the page: nothing is loaded for it. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0b6a56"/>` +
    `<path d="${ringPathText()}" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>` +
    `<circle cx="22.6" cy="16" r="2.6" fill="#fff"/></svg>`,
)}`;

/** A tile with the first letter of a name: logos of applications are not loaded, since nobody has checked them. */
export function Tile({ name, round }: { readonly name: string; readonly round?: boolean }) {
  return (
    <span class={round ? "tile round" : "tile"} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

const ringPath = ringPathText();

function ringPathText(): string {
  return "M20.6 10.1A7.5 7.5 0 1 0 20.6 21.9";
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
