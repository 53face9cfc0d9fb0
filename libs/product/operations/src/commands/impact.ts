import { changeClasses } from '@dms/catalog';
import { append, diagnostic } from '@dms/diagnostics';
import { replaceFiles, writeOutput } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { inDialectOrder } from '@dms/sql';
import { impactMarkdown, impactReport, impactText, type SchemaImpact, schemaImpact } from '@dms/upgrade';
import * as z from 'zod/mini';
import { compiledSet } from '../build-steps/impact.ts';
import { outputFile } from '../declaring/command-line.ts';
import { camelMembers, fileOperation, writtenLines } from '../declaring/operation.ts';
import { choice, flag, output, printedOutput, required, special, text, usually } from '../declaring/option.ts';
import { translationOptions } from '../declaring/shared-options.ts';
import { severalDialects } from '../declaring/subject.ts';
import { artifactFile, artifactsOf } from '../incremental-build/step-table.ts';
import { dialectsOfScripts, folderStore } from '../incremental-build/stores.ts';
import { sameFolder, withoutResources } from '../sources/source.ts';
import { upgradeNames } from '../sources/translations.ts';

/** The printed forms of a report; the text has no final line feed. */
const formats = {
  text: (impacts: readonly SchemaImpact[], all: boolean) =>
    impacts.map((each) => impactReport(each, { all })).join('\n\n'),
  json: (impacts: readonly SchemaImpact[]) => impacts.map(impactText).join('').trimEnd(),
  markdown: (impacts: readonly SchemaImpact[]) => impactMarkdown(impacts).trimEnd(),
} as const;

const classes = z.array(z.enum(changeClasses, { error: `It must be one or more of: ${changeClasses.join(', ')}.` }));

/** Parses `loss,impossible`; the result is in the order of the classes. */
function readClasses(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  const known = changeClasses.filter((each) => names.includes(each));
  return names.every((name) => known.some((each) => each === name)) ? known : names;
}

/** The classes of all changes. */
const classesOf = (impacts: readonly SchemaImpact[]) =>
  new Set(
    impacts.flatMap(({ verdict, owners }) => [
      ...(owners.length === 0 && verdict === 'free' ? [] : [verdict]),
      ...owners.flatMap(({ changes }) => changes.map((each) => each.class)),
    ]),
  );

/**
 * Reports the impact of a change from one schema set to another, from the folders that `emit` wrote (design 09a §2.4).
 * Throws `UPGRADE_RENAME_*`, `TRANSLATION_*`, `INPUT_FILE_*`, `MODEL_FILE_INVALID`, `OUTPUT_*`; `IMPACT_REFUSED` for a
 * refused class, `UPGRADE_SAME_FOLDER`.
 */
export const impact = fileOperation({
  name: 'impact',
  group: 'prove',
  summary: 'say what a schema change does to a database',
  description:
    'Compares two folders of artifacts and says for every resource what changes, and what `upgrade` has to do for it: nothing ' +
    '(free), rewrite rows (rewritten), check rows first (checked), lose values if it is permitted (loss), or ' +
    'refuse (impossible). No database is needed.',
  examples: ['impact --before released --after out --format markdown --fail-on "loss,impossible" --print-to impact.md'],
  worksOn: {
    source: 'none',
    dialect: severalDialects('the dialects of the folder --after', 'pgsql or mssql (repeatable; '),
  },
  options: {
    before: required(text('<dir>', 'artifacts of the schemas as they were', { group: 'source' })),
    after: required(text('<dir>', 'artifacts of the schemas as they will be', { group: 'source' })),
    ...translationOptions,
    format: usually(
      choice('<name>', 'how the report is printed', ['text', 'json', 'markdown'], { group: 'output' }),
      'text',
    ),
    failOn: special(
      '<classes>',
      `exit with 1 if a change has one of these classes: ${changeClasses.join(', ')} (separated by commas)`,
      classes,
      readClasses,
    ),
    all: flag('also list changes of triggers and resource keys one by one, and every line of a long report', {
      group: 'output',
    }),
    output: output('<dir>', 'folder for impact.<dialect>.json'),
    printTo: printedOutput('<file>', 'file for the report (default: print it)'),
  },
  async run({ options, dialects }, { onProgress, signal }) {
    const { before, after, failOn = [], output: folder, format, all = false } = options;
    const namesOf = await upgradeNames(options);
    const earlier = folderStore(before);
    const later = folderStore(after);
    const impacts: SchemaImpact[] = [];
    const models: RelationalModelSet[] = [];
    for (const dialect of inDialectOrder(dialects ?? (await dialectsOfScripts(later)))) {
      onProgress?.(`compare ${dialect}`);
      const sets = [await compiledSet(earlier, dialect, before), await compiledSet(later, dialect, after)] as const;
      append(
        models,
        sets.map(({ model }) => model),
      );
      impacts.push(schemaImpact(...sets, namesOf(...sets)));
    }
    const files = impacts.map((report) => ({
      name: artifactFile('impact', report.dialect),
      content: impactText(report),
    }));
    const written = { writer: 'report-impact', files, earlier: artifactsOf('report-impact'), markers: [] };
    const artifacts = folder === undefined ? [] : await replaceFiles(folder, written);
    const file = outputFile(options.printTo);
    if (file !== undefined) await writeOutput('impact', file, `${formats[format](impacts, all)}\n`, signal);
    const found = classesOf(impacts);
    const refused = failOn.filter((entry) => found.has(entry));
    const message = `The schema change has the class ${refused.join(' and ')}, which --fail-on refuses; the report lists the changes.`;
    const failures = [
      ...sameFolder(before, after),
      ...withoutResources(models, 'compare'),
      ...(refused.length === 0 ? [] : [diagnostic('IMPACT_REFUSED', message, {}, { classes: refused })]),
    ];
    return { impacts, artifacts, refused, diagnostics: [], failures };
  },
  resultKind: ({ options }) => (outputFile(options.printTo) === undefined ? 'answer' : 'done'),
  lines({ impacts, artifacts }, { options: { format, all = false, printTo } }) {
    const file = outputFile(printTo);
    const written = format === 'text' || file !== undefined ? writtenLines(artifacts) : [];
    return [file === undefined ? formats[format](impacts, all) : `Report written to ${file}`, ...written];
  },
  value: ({ impacts, artifacts, refused }, { options: { printTo } }) => ({
    ...(printTo === undefined ? {} : { report: printTo }),
    files: artifacts.map(({ file }) => file),
    refused,
    reports: impacts.map((report) => camelMembers(JSON.parse(impactText(report)))),
  }),
});
