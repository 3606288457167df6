/** The application's one stylesheet: light and dark, phone and desktop, nothing from elsewhere. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f3f8;
  --surface: #ffffff;
  --sunken: #f6f5fa;
  --ink: #1d1b26;
  --soft: #5b5868;
  --line: #e3e0ec;
  --edge: #8b879b;
  --second: #a3468f;
  --good: #17603f;
  --good-wash: #def3e7;
  --warn: #7a4b00;
  --warn-wash: #fbecd2;
  --accent: #5140b8;
  --accent-hover: #3f3196;
  --on-accent: #ffffff;
  --wash: #eceafa;
  --shade: 0 1px 2px rgb(30 25 60 / 0.05), 0 16px 40px -16px rgb(30 25 60 / 0.18);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #13121a;
    --surface: #1c1a25;
    --sunken: #23212e;
    --ink: #eeecf5;
    --soft: #aeaabd;
    --line: #34313f;
    --edge: #7d7990;
    --second: #f0a6d8;
    --good: #8fe0b6;
    --good-wash: #163526;
    --warn: #f2c678;
    --warn-wash: #3a2b10;
    --accent: #b7acff;
    --accent-hover: #d0c8ff;
    --on-accent: #1a1440;
    --wash: #2b2742;
    --shade: 0 1px 2px rgb(0 0 0 / 0.3), 0 20px 48px -20px rgb(0 0 0 / 0.7);
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  display: flex;
  flex-direction: column;
  margin: 0;
  min-height: 100vh;
  background: radial-gradient(60rem 30rem at 50% -10rem, var(--wash), transparent) var(--ground) no-repeat;
  color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
.brand { display: inline-flex; align-items: center; gap: 0.6rem; color: inherit; font-weight: 600; text-decoration: none; }
.brand::before {
  content: "";
  width: 1.5rem;
  height: 1.5rem;
  border-radius: 0.5rem 0.5rem 0.5rem 0.1rem;
  background: linear-gradient(135deg, var(--accent), var(--second));
}
main { flex: 1; padding-top: clamp(1.75rem, 7vh, 4.5rem); padding-bottom: 2.5rem; }
footer { padding-bottom: 2.5rem; color: var(--soft); font-size: 0.875rem; }
h1, h2, h3, p, ol, ul, dl, dd, pre { margin: 0; }
h1 { font-size: clamp(1.9rem, 6vw, 3rem); line-height: 1.1; letter-spacing: -0.03em; text-wrap: balance; }
h2 { font-size: 1.15rem; letter-spacing: -0.01em; }
h3 { font-size: 1rem; }
p { text-wrap: pretty; }
.hero { display: grid; justify-items: start; gap: 1.1rem; margin-bottom: clamp(2rem, 6vh, 3rem); }
.lead { max-width: 36rem; color: var(--soft); font-size: 1.125rem; }
.lead strong { color: var(--ink); }
.asks { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.6rem; color: var(--soft); font-size: 0.9375rem; }
.mark { width: 3.25rem; height: 3.25rem; padding: 0.8rem; border-radius: 1.1rem 1.1rem 1.1rem 0.3rem; fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
.mark.good { background: linear-gradient(135deg, var(--accent), var(--second)); color: var(--on-accent); }
.mark.calm { background: var(--wash); color: var(--accent); }
.card, .steps > li { border: 1px solid var(--line); border-radius: 1rem; background: var(--surface); box-shadow: var(--shade); }
.card { display: grid; gap: 1rem; margin: 0 0 1.5rem; padding: clamp(1.25rem, 4vw, 1.75rem); }
.card > *, .steps > li > * { min-width: 0; }
.between { margin-bottom: 1rem; }
.steps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: 1rem; padding: 0; list-style: none; counter-reset: step; }
.steps > li { padding: 1.25rem; counter-increment: step; }
.steps > li::before {
  content: counter(step);
  display: grid;
  place-items: center;
  width: 1.9rem;
  height: 1.9rem;
  margin-bottom: 0.75rem;
  border-radius: 0.6rem 0.6rem 0.6rem 0.15rem;
  background: var(--wash);
  color: var(--accent);
  font-size: 0.9rem;
  font-weight: 700;
}
.steps p { margin-top: 0.25rem; color: var(--soft); font-size: 0.9375rem; }
.button {
  min-height: 3rem;
  padding: 0.75rem 1.6rem;
  border: 1px solid transparent;
  border-radius: 0.8rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  line-height: 1.35;
  cursor: pointer;
  transition: background-color 0.15s;
}
.button:hover { background: var(--accent-hover); }
.button.quiet { border-color: var(--edge); background: var(--surface); color: var(--ink); }
.button.quiet:hover { background: var(--wash); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 0.3rem; }
.button:focus-visible { border-radius: 0.8rem; }
.chips { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; list-style: none; }
.chips li, code { border-radius: 0.4rem; background: var(--wash); color: var(--ink); font: 0.85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.chips li { padding: 0.15rem 0.6rem; }
code { padding: 0.1rem 0.35rem; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.request { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
.request code { padding: 0.3rem 0.6rem; }
.tag { padding: 0.15rem 0.65rem; border-radius: 1rem; background: var(--warn-wash); color: var(--warn); font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
.tag.good { background: var(--good-wash); color: var(--good); }
dl > div { display: grid; grid-template-columns: minmax(8.5rem, max-content) 1fr; gap: 0.1rem 1.25rem; align-items: baseline; padding: 0.55rem 0; border-top: 1px solid var(--line); }
dl > div:first-child { padding-top: 0; border-top: 0; }
dt { color: var(--soft); }
@media (max-width: 30rem) { dl > div { grid-template-columns: 1fr; } }
pre {
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.7rem;
  background: var(--sunken);
  font: 0.85rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap;
}
details p { margin: 0.5rem 0 0.75rem; color: var(--soft); }
summary { width: fit-content; padding: 0.25rem 0; color: var(--accent); font-weight: 600; cursor: pointer; }
summary:hover { color: var(--accent-hover); }
a { color: var(--accent); text-underline-offset: 0.2em; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .button { border-color: ButtonText; } .mark { border: 1px solid; } }
`;
