/** Type, spacing and what plain elements look like. */
export const base = `
*, *::before, *::after { box-sizing: border-box; }
html {
  font: 100%/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  color: var(--ink);
  background: var(--ground) radial-gradient(60rem 28rem at 50% -10rem, var(--glow), transparent) no-repeat;
  overflow-wrap: anywhere;
  -webkit-font-smoothing: antialiased;
}
h1, h2, h3, p, ul, ol, dl, dd, fieldset, legend { margin: 0; padding: 0; }
fieldset { border: 0; min-width: 0; }
ul, ol { list-style: none; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.35; font-weight: 650; letter-spacing: -0.005em; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
p { text-wrap: pretty; }
strong { font-weight: 600; }
small { font-size: 0.875rem; font-weight: 400; color: var(--soft); }
code {
  font: 0.9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
a:hover { color: var(--accent-hover); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.lead { color: var(--soft); }
.lead strong { color: var(--ink); }
.meta, .hint, .aside { color: var(--soft); font-size: 0.875rem; line-height: 1.5; }
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.skip { position: absolute; inset-inline-start: 1rem; top: -6rem; padding: 0.5rem 1rem; border-radius: 0.5rem; background: var(--surface); z-index: 1; }
.skip:focus { top: 1rem; }
`;
