/** Every sentence of the pages, in English. */
export const en = { lang: "en", dir: "ltr" as "ltr" | "rtl" };

export type Words = typeof en;
