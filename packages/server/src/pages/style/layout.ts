/** The two shapes of a page: one card, or sections under a bar. */
export const layout = `
body { display: flex; flex-direction: column; padding: 0 1rem; }
footer { color: var(--soft); font-size: 0.8125rem; text-align: center; }
.masthead { display: inline-flex; align-items: center; gap: 0.625rem; color: var(--ink); text-decoration: none; }
.masthead:hover { color: var(--ink); }
.platform { font-weight: 600; letter-spacing: -0.005em; }
.mark { flex: none; display: block; width: 2rem; height: 2rem; }
.mark-ground { fill: var(--accent); }
.mark-line { stroke: var(--on-accent); }
.mark-dot { fill: var(--on-accent); }

.narrow { align-items: center; gap: 1.25rem; padding-block: clamp(1.25rem, 8vh, 5rem) 1.5rem; }
.narrow main { width: 100%; max-width: 27.5rem; }
.narrow footer { margin-top: auto; padding-top: 0.5rem; }
.card {
  display: grid;
  gap: 1rem;
  padding: 2rem;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 1.25rem;
  box-shadow: var(--shade);
}
.card > h1 + .lead { margin-top: -0.625rem; }
.card > form { display: grid; gap: 1.125rem; }
.status { color: var(--soft); font-size: 0.875rem; font-variant-numeric: tabular-nums; margin-bottom: -0.75rem; }
.card details > * + * { margin-top: 0.75rem; }
.card .facts > div { grid-template-columns: minmax(0, 1fr); }
.ways { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1.25rem; padding-top: 0.25rem; }

.wide { align-items: stretch; padding-bottom: 1.5rem; }
.wide .bar, .wide main, .wide footer { width: 100%; max-width: 50rem; margin-inline: auto; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.5rem; padding-block: 1.25rem; }
.bar nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.bar nav a { padding-block: 0.25rem; color: var(--soft); text-decoration: none; }
.bar nav a:hover { color: var(--ink); text-decoration: underline; }
.session { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; margin-inline-start: auto; font-size: 0.875rem; color: var(--soft); }
.wide main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; padding-block: 1.5rem 3rem; }
.wide h1 { font-size: clamp(1.625rem, 1.3rem + 1.4vw, 2.125rem); letter-spacing: -0.022em; }
.wide h1 + .lead, .hero .lead { max-width: 42rem; margin-top: -0.5rem; font-size: 1.0625rem; }
.wide section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; margin-top: 1.5rem; }
.wide footer { margin-top: auto; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 1.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; }
.hero { display: grid; gap: 0.75rem; padding-block: clamp(1rem, 5vh, 3rem) 0.5rem; }
.hero h1 { max-width: 40rem; font-size: clamp(1.875rem, 1.4rem + 2vw, 2.5rem); line-height: 1.15; }
.wide .hero h1 + .lead { margin: 0; font-size: 1.125rem; }
.doors { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: 1rem; }
.doors .panel { position: relative; display: grid; gap: 0.375rem; align-content: start; padding: 1.5rem; }
.doors p { color: var(--soft); }
.doors a { text-decoration: none; }
.doors a::after { content: ""; position: absolute; inset: 0; border-radius: 1rem; }
.doors .panel:hover { border-color: var(--accent); }
.doors a:focus-visible { outline: 0; }
.doors a:focus-visible::after { outline: 3px solid var(--accent); outline-offset: 2px; }

@media (max-width: 30rem) {
  body.narrow { padding-inline: 0.75rem; padding-top: 1.25rem; }
  .card { padding: 1.5rem 1.25rem; border-radius: 1rem; }
  .session { margin-inline-start: 0; }
}
`;
