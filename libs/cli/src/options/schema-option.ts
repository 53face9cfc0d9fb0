import { pathArgument } from './arguments.ts';

/** `--schema a b --schema c` and `--schema a --schema b --schema c` mean the same. */
export function collectFile(value: string, previous: readonly string[] = []): string[] {
  return [...previous, pathArgument(value)];
}

/** `--schema <file...>`: the ApiSchema files of a set. */
export const schemaOption = [
  '--schema <file...>',
  'ApiSchema files, core and extensions, in any order (repeatable)',
  collectFile,
] as const;
