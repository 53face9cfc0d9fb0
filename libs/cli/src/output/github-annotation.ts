import path from 'node:path';
import { type Diagnostic, messageAtPlace, printable, printableLines, severityOf } from '@dms/diagnostics';

const kinds = { error: 'error', warning: 'warning', note: 'notice' } as const;

const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string) => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Path of a file as a pull request shows it: relative to where the command was run, with `/`. */
export function fileInRepository(file: string): string {
  const relative = path.relative('.', file);
  return (relative.startsWith('..') ? file : relative).split(path.sep).join('/');
}

/**
 * A diagnostic as a workflow command of GitHub Actions, which shows it beside the line of a pull request that it is
 * about.
 */
export function githubAnnotation(entry: Diagnostic): string {
  const { file, line, column } = entry.where;
  const properties = [
    ...(file === undefined ? [] : [`file=${escapedProperty(fileInRepository(printable(file)))}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${entry.code}`,
  ];
  return `::${kinds[severityOf(entry)]} ${properties.join(',')}::${escaped(printableLines(messageAtPlace(entry)))}`;
}
