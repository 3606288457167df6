/** The numbers from 1 to `count` in a random order, the same in every run. */
export function shuffled(/** @type {number} */ count) {
  const numbers = Uint32Array.from({ length: count }, (_, i) => i + 1);
  let seed = 20_260;
  for (let i = count - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((seed / 2 ** 32) * (i + 1));
    const kept = numbers[i] ?? 0;
    numbers[i] = numbers[j] ?? 0;
    numbers[j] = kept;
  }
  return numbers;
}
