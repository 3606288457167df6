/** Scopes, connections, facts and tables. */
export const lists = `
.scopes { display: grid; gap: 0.625rem; }
.scopes li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.75rem; }
.scopes li:has(> label) { grid-template-columns: minmax(0, 1fr); }
.scope { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.125rem 0.5rem; }
.icon { flex: none; width: 1.25rem; height: 1.25rem; margin-top: 0.125rem; color: var(--accent); }
.scopes.quiet { gap: 0.25rem; color: var(--soft); font-size: 0.9375rem; }
.scopes.quiet .icon { width: 1rem; height: 1rem; margin-top: 0.25rem; color: var(--soft); }
.tile { flex: none; display: inline-grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 0.75rem; background: var(--accent-wash); color: var(--accent); font-weight: 650; font-size: 1.125rem; line-height: 1; }
.tile.round { border-radius: 50%; }

.cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
.cards .panel { display: grid; gap: 0.75rem; }
.connection { grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; column-gap: 1rem; }
.connection .may { grid-column: 2 / -1; }
.dotted { display: flex; flex-wrap: wrap; column-gap: 0.5rem; }
.dotted > span { max-width: 100%; overflow-wrap: anywhere; }
.dotted > span + span::before { content: "·"; margin-inline-end: 0.5rem; }
.rows { padding-block: 0.25rem; }
.rows li { padding-block: 0.75rem; }
.rows li + li { border-top: 1px solid var(--line); }
.session-row { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; }
.empty { padding: 1.25rem; border: 1px dashed var(--line); border-radius: 1rem; color: var(--soft); }

.facts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
.facts > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.125rem 1rem; align-items: baseline; }
.facts dt { color: var(--soft); font-size: 0.875rem; }
.copyable { display: inline-block; max-width: 100%; padding: 0.25rem 0.625rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--sunken); user-select: all; -webkit-user-select: all; cursor: copy; }
.steps { display: grid; gap: 1rem; counter-reset: step; }
.steps li { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; justify-items: start; position: relative; padding-inline-start: 2.75rem; counter-increment: step; }
.steps li::before { content: counter(step); position: absolute; inset-inline-start: 0; top: 0; display: grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: 50%; background: var(--accent-wash); color: var(--accent); font-weight: 650; font-size: 0.875rem; }
.reading { display: grid; gap: 0.375rem; }

table { width: 100%; border-collapse: separate; border-spacing: 0; text-align: start; }
table.panel { padding: 0.25rem 1.25rem; }
th, td { padding: 0.75rem 0; text-align: start; vertical-align: baseline; font-weight: 400; }
th { padding-inline-end: 1.5rem; }
thead th { color: var(--soft); font-size: 0.875rem; font-weight: 500; }
tbody th, tbody td { border-top: 1px solid var(--line); }
tbody th { width: 38%; }

pre.code { margin: 0; padding: 0.875rem 1rem; border: 1px solid var(--line); border-radius: 0.75rem; background: var(--sunken); overflow-x: auto; overflow-wrap: normal; font-size: 0.9375rem; line-height: 1.55; }
pre.broken { white-space: pre-wrap; overflow-wrap: anywhere; }
.chapters { display: grid; grid-template-columns: minmax(0, 1fr); counter-reset: step; }
.chapters > li { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; margin-top: 1.5rem; padding-inline-start: 2.75rem; counter-increment: step; }
.chapters > li::before { content: counter(step); position: absolute; inset-inline-start: 0; top: 0; display: grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: 50%; background: var(--accent-wash); color: var(--accent); font-weight: 650; font-size: 0.875rem; }
.programs { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
.programs details { padding-block: 0.75rem; }
.programs summary h3 { display: inline; }
.programs details > * + * { margin-top: 0.75rem; }

@media (max-width: 34rem) {
  .chapters > li { padding-inline-start: 0; }
  .chapters > li > h2 { padding-inline-start: 2.5rem; }
  .connection { grid-template-columns: auto minmax(0, 1fr); }
  .connection form { grid-column: 1 / -1; grid-row: 3; }
  .connection form button { width: 100%; }
  .connection .may { grid-column: 1 / -1; }
  .dotted { display: grid; }
  .dotted > span + span::before { content: none; }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: block; padding-block: 0.75rem; }
  tbody tr + tr { border-top: 1px solid var(--line); }
  tbody th, tbody td { display: block; width: auto; padding: 0; border: 0; }
}
`;
