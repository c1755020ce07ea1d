/**
 * A small seeded source of chance (sfc32). Two numbers start it, so each block of the country has its own, and the same
 * numbers give the same run on every machine.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream: number) {
    this.#a = scramble(seed);
    this.#b = scramble(stream + 0x9e3779b9);
    this.#c = scramble(seed ^ Math.imul(stream, 0x85ebca6b));
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** 32 random bits as an unsigned number. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** From 0 up to but not including 1. */
  unit(): number {
    return this.bits() / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /** @throws RangeError where there is nothing to choose from. */
  pick<Choice>(choices: readonly Choice[]): Choice {
    const choice = choices[Math.floor(this.unit() * choices.length)];
    if (choice === undefined) throw new RangeError('There is nothing to pick from');
    return choice;
  }

  /** The place of a weight in `cumulative` (rising, the last is the sum), each as likely as its weight. */
  weighted(cumulative: readonly number[]): number {
    return placeIn(cumulative, this.unit() * (cumulative.at(-1) ?? 0));
  }
}

/** The first place of `cumulative` whose sum is above `mark`. */
export function placeIn(cumulative: readonly number[], mark: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 0) > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** [1, 2, 3] becomes [1, 3, 6]. */
export function cumulate(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** Mixes the bits of a whole number, so that neighbours have nothing in common (lowbias32). */
export function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
