/**
 * The consent card, and the arming of Approve.
 *
 * For 600 ms from the load the button is `visibility: hidden`: neither pointer nor keyboard reaches it, so a click or
 * a key that was meant for another window does nothing. It is hidden by the animation alone: where animations are
 * switched off the button is simply there. Not a matter of motion, so `prefers-reduced-motion` leaves it as it is.
 */
export const consent = `
.meeting { display: flex; align-items: center; justify-content: center; gap: 0.75rem; padding-bottom: 0.25rem; }
.meeting .tile, .meeting .mark { width: 3.25rem; height: 3.25rem; border-radius: 1rem; font-size: 1.5rem; }
.dots { width: 2.5rem; height: 0.25rem; background: radial-gradient(circle, var(--field) 0.125rem, transparent 0.1375rem) center / 0.8125rem 0.25rem repeat-x; }
.asks { text-align: center; }
.asks bdi { color: var(--accent); }
.maker { display: grid; gap: 0.375rem; text-align: center; color: var(--soft); font-size: 0.9375rem; }
.maker p:first-child { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: 0.25rem 0.625rem; }
.account { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.875rem; align-items: center; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.875rem; background: var(--sunken); line-height: 1.4; }
.account .label { color: var(--soft); }
.compare { display: grid; gap: 0.25rem; padding: 0.75rem 1rem; border-radius: 0.875rem; background: var(--accent-wash); text-align: center; }
.compare code { font-size: 1.625rem; font-weight: 600; letter-spacing: 0.12em; }
.card fieldset { display: grid; gap: 0.25rem; }
.card fieldset legend, .card form h2 { font-size: 1rem; font-weight: 650; }
.card form h2 { margin-bottom: -0.5rem; }
.nothing { padding: 0.75rem 1rem; border-radius: 0.875rem; background: var(--accent-wash); }
.resources { display: grid; gap: 0.25rem; }
.after { display: grid; gap: 0.375rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.9375rem; }
.after strong { color: var(--ink); }
.answer { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.answer > * { flex: 1 1 6.75rem; }
.arming { position: relative; display: grid; }
.arming > * { grid-area: 1 / 1; }
.shadow { display: grid; place-items: center; border-radius: 0.75rem; background: var(--accent-wash); color: var(--accent); font-weight: 600; }
.approve { position: relative; animation: arm 600ms step-end backwards; }
@keyframes arm {
  from { visibility: hidden; }
  to { visibility: visible; }
}
`;
