/** Turns `schemas/campus/ApiSchema.json` into a path as typed in a system or a shell. */
export type TypedPath = (file: string) => string;

/** A command, and the file or folder that it writes, for comparison; undefined if it writes none. */
export interface TypedCommand {
  readonly args: readonly string[];
  readonly written?: string;
}

/**
 * Commands that need no server, from schemas to a database with documents. Their paths start at a folder that contains
 * `schemas/<name>/ApiSchema.json`; each needs the results of the earlier ones.
 */
export function typedCommands(typed: TypedPath): readonly TypedCommand[] {
  const schemas = typed('schemas/*/ApiSchema.json');
  const artifacts = ['--artifacts', typed('out')];
  const database = ['--connection', `pglite:${typed('db')}`];
  return [
    { args: ['hash', '--schema', schemas] },
    { args: ['emit', '--schema', schemas, '--output', typed('out')], written: 'out' },
    { args: ['emit', '--schema', schemas, '--output', typed('out'), '--check'] },
    { args: ['emit', '--schema', schemas, '--output', typed('again')] },
    { args: ['schemas', typed('schemas')] },
    { args: ['verify', ...artifacts, '--dialect', 'mssql'] },
    {
      args: ['impact', '--before', typed('out'), '--after', typed('again'), '--print-to', typed('impact.md')],
      written: 'impact.md',
    },
    { args: ['dictionary', ...artifacts, '--output', typed('dictionary.csv')], written: 'dictionary.csv' },
    { args: ['explore', ...artifacts, '--output', typed('site/page.html')], written: 'site' },
    { args: ['pack', 'build', ...artifacts, '--dialect', 'pgsql', '--output', typed('packs')], written: 'packs' },
    { args: ['sample', ...artifacts, '--documents', '40', '--output', typed('sample')], written: 'sample' },
    {
      args: ['upgrade', 'plan', '--before', typed('out'), '--after', typed('again'), '--output', typed('upgrade')],
      written: 'upgrade',
    },
    { args: ['provision', ...artifacts, '--dialect', 'pgsql', ...database] },
    { args: ['load', typed('sample'), ...artifacts, ...database] },
    { args: ['check', '--data', ...artifacts, '--dialect', 'pgsql', ...database] },
    { args: ['dump', ...artifacts, ...database, '--output', typed('dump')], written: 'dump' },
  ];
}

/** `C:\work\out`, as PowerShell completes it. */
export const withBackslashes = (folder: string, file: string): string => `${folder}\\${file}`.replaceAll('/', '\\');

/** `\\?\C:\work\out`, as programs write long paths. */
export const withLongPrefix = (folder: string, file: string): string => `\\\\?\\${withBackslashes(folder, file)}`;

/** The ways of typing a path on Windows, by name; a pattern cannot have the prefix of long paths. */
export const windowsPaths: Readonly<Record<string, (folder: string, file: string) => string>> = {
  'from the current folder': (_, file) => `.\\${file.replaceAll('/', '\\')}`,
  'with a drive letter': withBackslashes,
  'with slashes': (folder, file) => `${folder}/${file}`.replaceAll('\\', '/'),
  'as a long path': (folder, file) =>
    file.includes('*') || file.startsWith('db') ? withBackslashes(folder, file) : withLongPrefix(folder, file),
};
