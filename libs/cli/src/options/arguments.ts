import { dialects, type SqlDialect } from '@dms/operations';
import { InvalidArgumentError } from 'commander';

/** A text as written; refuses an empty one, which names nothing. */
export function textArgument(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

/** A path as written; refuses an empty one, which would mean the current folder. */
export const pathArgument = textArgument;

/** Each text of an option that may be repeated. */
export const repeatedText = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  textArgument(value),
];

/** The text that stands for the standard input or output. */
export const standardStream = '-';

/** The path of an output that cannot go to the standard output, such as a folder or a page. */
export function outputArgument(value: string): string {
  if (value === standardStream) throw new InvalidArgumentError('It cannot be the standard output; write ./- for that name.');
  return pathArgument(value);
}

/** The file of an output; undefined for the standard output, where it is printed anyway. */
export function outputFile(value: string | undefined): string | undefined {
  return value === standardStream ? undefined : value;
}

/** One of the dialects. */
export function dialectArgument(value: string): SqlDialect {
  const dialect = dialects.find((known) => known === value);
  if (!dialect) throw new InvalidArgumentError(`It must be one of: ${dialects.join(', ')}.`);
  return dialect;
}

/** A whole number, as written. */
export function integerArgument(value: string): number {
  const number = Number(value);
  if (!/^-?[0-9]+$/.test(value) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

/** A whole number from 1. */
export function countArgument(value: string): number {
  const number = integerArgument(value);
  if (number < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

/** A whole number from 0. */
export function wholeArgument(value: string): number {
  const number = integerArgument(value);
  if (number < 0) throw new InvalidArgumentError('It must be 0 or more.');
  return number;
}

/** A version, as a database or an ODS counts its changes. */
export function versionArgument(value: string): bigint {
  if (!/^[0-9]{1,18}$/.test(value)) throw new InvalidArgumentError('It must be a version: a whole number.');
  return BigInt(value);
}

/** Seconds of an option as the milliseconds that databases count in. */
export const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;
