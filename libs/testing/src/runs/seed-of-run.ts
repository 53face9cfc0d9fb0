import { randomInt } from 'node:crypto';

/*
 * One seed for all properties of a test run. It is fixed if `CI` is set, otherwise new in each run, and printed;
 * `DMS_PROPERTY_SEED` repeats a run. A failing property prints it too.
 */

const variable = 'DMS_PROPERTY_SEED';
const seedInCi = 20290228;

/** Sets up a test run: chooses the seed and prints it. */
export default function setup(): void {
  if (!process.env[variable]) process.env[variable] = String(process.env.CI ? seedInCi : randomInt(2 ** 31));
  console.error(`Properties have the seed ${seedOfRun()}; ${variable}=${seedOfRun()} repeats them.`);
}

/** The seed of the run. */
export function seedOfRun(): number {
  const seed = Number(process.env[variable]);
  if (!Number.isInteger(seed)) throw new Error(`${variable} is ${process.env[variable]}, not a whole number.`);
  return seed;
}
