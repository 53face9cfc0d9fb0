import { dialects, type SqlDialect } from '@dms/pipeline';
import { InvalidArgumentError } from 'commander';

/** A text as it is written; an empty one names nothing. */
export function textArgument(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

/** A path as it is written; an empty one would mean the current folder, which nobody has asked for. */
export const pathArgument = textArgument;

/** One of the dialects. */
export function dialectArgument(value: string): SqlDialect {
  const dialect = dialects.find((known) => known === value);
  if (!dialect) throw new InvalidArgumentError(`It must be one of: ${dialects.join(', ')}.`);
  return dialect;
}

/** A whole number, as it is written. */
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
