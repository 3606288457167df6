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
    --accent: #b7acff;
    --accent-hover: #d0c8ff;
    --on-accent: #1a1440;
    --wash: #2b2742;
    --shade: 0 1px 2px rgb(0 0 0 / 0.3), 0 20px 48px -20px rgb(0 0 0 / 0.7);
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  background: radial-gradient(60rem 30rem at 50% -10rem, var(--wash), transparent) var(--ground) no-repeat;
  color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { max-width: 42rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
.brand { display: inline-flex; align-items: center; gap: 0.6rem; color: inherit; font-weight: 600; text-decoration: none; }
.brand::before {
  content: "";
  width: 1.4rem;
  height: 1.4rem;
  border-radius: 0.45rem 0.45rem 0.45rem 0.1rem;
  background: linear-gradient(135deg, var(--accent), color-mix(in srgb, var(--accent) 55%, #ff8fb1));
}
main { padding-top: clamp(1.5rem, 6vh, 4rem); padding-bottom: 2rem; }
footer { padding-bottom: 2.5rem; color: var(--soft); font-size: 0.875rem; }
h1 { margin: 0 0 0.75rem; font-size: clamp(1.75rem, 5vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; text-wrap: balance; }
h2 { margin: 0 0 0.75rem; font-size: 1.05rem; }
p { margin: 0 0 1rem; text-wrap: pretty; }
.lead { color: var(--soft); font-size: 1.1rem; }
.card {
  margin: 1.5rem 0;
  padding: clamp(1.25rem, 4vw, 1.75rem);
  border: 1px solid var(--line);
  border-radius: 1rem;
  background: var(--surface);
  box-shadow: var(--shade);
}
.card > :last-child, .card > :last-child > pre:last-child { margin-bottom: 0; }
.button {
  display: inline-block;
  min-height: 2.75rem;
  padding: 0.7rem 1.4rem;
  border: 0;
  border-radius: 0.7rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  line-height: 1.35;
  cursor: pointer;
  transition: background-color 0.15s;
}
.button:hover { background: var(--accent-hover); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 0.3rem; }
.button:focus-visible { border-radius: 0.7rem; }
.steps { margin: 0; padding: 0; list-style: none; counter-reset: step; }
.steps li { position: relative; padding: 0 0 1rem 2.5rem; counter-increment: step; }
.steps li:last-child { padding-bottom: 0; }
.steps li::before {
  content: counter(step);
  position: absolute;
  left: 0;
  top: 0.05rem;
  width: 1.6rem;
  height: 1.6rem;
  border-radius: 50%;
  background: var(--wash);
  color: var(--accent);
  font-size: 0.85rem;
  font-weight: 600;
  line-height: 1.6rem;
  text-align: center;
}
.chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0; padding: 0; list-style: none; }
.chips li, code { border-radius: 0.4rem; background: var(--wash); font: 0.85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.chips li { padding: 0.15rem 0.6rem; }
code { padding: 0.1rem 0.35rem; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.6rem 1.25rem; margin: 0 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
@media (max-width: 26rem) {
  dl { grid-template-columns: 1fr; gap: 0.1rem; }
  dd { margin-bottom: 0.6rem; }
}
pre {
  margin: 0.75rem 0 1rem;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.7rem;
  background: var(--sunken);
  font: 0.85rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap;
}
summary { width: fit-content; padding: 0.25rem 0; color: var(--accent); font-weight: 600; cursor: pointer; }
summary:hover { color: var(--accent-hover); }
a { color: var(--accent); text-underline-offset: 0.2em; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .button { border: 1px solid ButtonText; } }
`;
