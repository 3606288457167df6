/**
 * Every colour, by what it is for, in light and dark.
 * Text keeps 4.5 to 1 against each ground it stands on; lines that mark a field keep 3 to 1 (WCAG 2.2, 1.4.3, 1.4.11).
 */
export const colours = `
:root {
  color-scheme: light dark;
  --ground: #f5f4f0;
  --glow: #e4efe9;
  --surface: #ffffff;
  --sunken: #f7f6f3;
  --ink: #1b1e1b;
  --soft: #585d57;
  --line: #e2e0d9;
  --field: #868b84;
  --accent: #0b6a56;
  --accent-hover: #085243;
  --on-accent: #ffffff;
  --accent-wash: #e3f1ec;
  --danger: #a3261b;
  --danger-wash: #fcebe8;
  --caution: #6b4a00;
  --caution-wash: #fbf0d6;
  --shade: 0 1px 2px rgb(30 35 30 / 0.05), 0 12px 32px -12px rgb(30 35 30 / 0.16);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111412;
    --glow: #16231e;
    --surface: #1a1e1b;
    --sunken: #202521;
    --ink: #edefea;
    --soft: #a9b0a8;
    --line: #2f3630;
    --field: #7a837a;
    --accent: #74d6ba;
    --accent-hover: #98e4ce;
    --on-accent: #05231b;
    --accent-wash: #16352c;
    --danger: #ffb3a7;
    --danger-wash: #3d1c18;
    --caution: #f1cf8a;
    --caution-wash: #35290f;
    --shade: 0 1px 2px rgb(0 0 0 / 0.3), 0 16px 40px -16px rgb(0 0 0 / 0.6);
  }
}
`;
