/** Fields, buttons and what is said around them. Everything to press is at least 2.75rem high, links in text aside. */
export const controls = `
button, .button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.75rem;
  padding: 0.5rem 1.125rem;
  border: 1px solid var(--field);
  border-radius: 0.75rem;
  background: var(--surface);
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  line-height: 1.25;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
button:hover, .button:hover { border-color: var(--ink); color: var(--ink); background: var(--sunken); }
.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.primary:hover { border-color: transparent; background: var(--accent-hover); color: var(--on-accent); }
.full { width: 100%; }
.danger { color: var(--danger); border-color: var(--line); font-size: 0.9375rem; }
.danger:hover { color: var(--danger); border-color: var(--danger); background: var(--danger-wash); }
.text { min-height: 1.5rem; font-size: 0.875rem; padding: 0; border: 0; border-radius: 0.25rem; background: none; color: var(--accent); font-weight: 400; text-align: start; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.text:hover { background: none; color: var(--accent-hover); text-decoration-thickness: 2px; }

form.panel { display: grid; gap: 1.25rem; justify-items: start; padding: 1.5rem; }
.field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.375rem; width: 100%; }
label, legend { font-weight: 600; font-size: 0.9375rem; }
input[type="text"], input[type="password"], textarea {
  width: 100%;
  min-height: 2.875rem;
  padding: 0.5rem 0.875rem;
  border: 1px solid var(--field);
  border-radius: 0.75rem;
  background: var(--surface);
  color: var(--ink);
  font: inherit;
}
input[type="text"]:focus-visible, input[type="password"]:focus-visible, textarea:focus-visible { outline-offset: -1px; border-color: var(--accent); }
input[readonly] { background: var(--sunken); border-color: var(--line); color: var(--soft); }
input.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 1.375rem; letter-spacing: 0.12em; text-align: center; text-transform: uppercase; }
.error { color: var(--danger); font-size: 0.9375rem; font-weight: 600; }
textarea { resize: vertical; line-height: 1.5; }
.wrong > input, .wrong > textarea { border-color: var(--danger); box-shadow: 0 0 0 1px var(--danger); }
.choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.75rem; align-items: start; padding-block: 0.5rem; font-weight: 400; font-size: 1rem; cursor: pointer; }
.choice input { width: 1.25rem; height: 1.25rem; margin: 0.125rem 0 0; accent-color: var(--accent); }
.choice .hint { display: block; }

.notice { padding: 0.75rem 1rem; border-radius: 0.75rem; background: var(--accent-wash); border: 1px solid transparent; font-size: 0.9375rem; }
.problem { background: var(--danger-wash); color: var(--danger); }
.problem a { color: inherit; }
.caution { background: var(--caution-wash); color: var(--caution); }
.notice code { font-weight: 600; }
.problem ul { padding-inline-start: 1.25rem; list-style: disc; }
.tag { display: inline-block; letter-spacing: 0; padding: 0.0625rem 0.5rem; border: 1px solid transparent; border-radius: 1rem; background: var(--caution-wash); color: var(--caution); font-size: 0.8125rem; font-weight: 500; line-height: 1.4; white-space: nowrap; }
.tag.good { background: var(--accent-wash); color: var(--accent); }
summary { width: fit-content; padding-block: 0.25rem; border-radius: 0.25rem; color: var(--accent); cursor: pointer; }
`;
