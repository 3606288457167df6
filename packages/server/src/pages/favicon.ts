export const ringPath = "M20.6 10.1A7.5 7.5 0 1 0 20.6 21.9";

/** The platform's mark for the browser's tab, inside the page: nothing is loaded for it. */
export const usualFavicon: string = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0b6a56"/>` +
    `<path d="${ringPath}" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>` +
    `<circle cx="22.6" cy="16" r="2.6" fill="#fff"/></svg>`,
)}`;
