import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { counted, type Diagnostic, listWith } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { groupBy } from '@dms/values';
import type { JudgedSchema, SchemaMistake } from './judged-schemas.ts';

/** The report of found files: each with its fit, then whether the extensions fit the core. */
export const setLines = (judged: readonly JudgedSchema[]) => [
  ...judged.flatMap(schemaLines),
  ...extensionLines(judged),
];

const shownReasons = 3;

/** The lines of a diagnostic, without the file, which the line above names. */
const reasonLines = ({ code, message }: Diagnostic) => `${code} ${message}`.split('\n').map((line) => `    ${line}`);

function fitLine({ fits, mistakes }: JudgedSchema, version: MappingVersion): string {
  const fit = fits[version];
  if (fit.kind === 'open') return `  ${version}: open, because ${fit.because}`;
  if (fit.kind === 'fits') return `  ${version}: fits`;
  const count = mistakes.filter(({ generations }) => generations?.includes(version) ?? true).length;
  return `  ${version}: does not fit, because of ${counted(count, 'mistake')}`;
}

/** The mistakes of a file, by the generations that they concern. */
function mistakeLines(mistakes: readonly SchemaMistake[]): string[] {
  const groups = groupBy(mistakes, ({ generations = mappingVersions }) => generations.join(' '));
  return [...groups.values()].flatMap((group) => {
    const { generations } = mustExist(group[0], 'a mistake');
    const more = group.length - shownReasons;
    const [version] = generations ?? mappingVersions;
    return [
      `  Mistakes for ${generations === undefined ? 'every generation' : listWith('and', generations)}:`,
      ...group.slice(0, shownReasons).flatMap(reasonLines),
      ...(more > 0 ? [`    and ${more} more, which emit --mapping-version ${version} lists`] : []),
    ];
  });
}

/** The description of a file. */
function schemaLines(judged: JudgedSchema): string[] {
  const { project, version, isExtension, format, standard, file, mistakes } = judged;
  return [
    `${project} ${version}, ${isExtension ? 'an extension' : 'a core'}, format ${format}: ${file}`,
    ...(standard === null ? [] : [`  ${isExtension ? 'made for data standard' : 'data standard'} ${standard}`]),
    ...mappingVersions.map((each) => fitLine(judged, each)),
    ...mistakeLines(mistakes),
  ];
}

/** Reports whether the extensions of a set fit its core; empty if there is no core or no extension. */
function extensionLines(judged: readonly JudgedSchema[]): string[] {
  const [core] = judged.filter(({ isExtension }) => !isExtension);
  const extensions = judged.filter(({ isExtension }) => isExtension);
  if (core === undefined || extensions.length === 0) return [];
  const kindsOf = ({ fits }: JudgedSchema) => mappingVersions.map((version) => fits[version].kind);
  const named = (some: readonly JudgedSchema[]) =>
    some.map(({ project, version }) => `${project} ${version}`).join(', ');
  const fitting = extensions.filter((each) => kindsOf(each).includes('fits'));
  const refused = extensions.filter((each) => !kindsOf(each).includes('fits') && kindsOf(each).includes('refused'));
  const target = `the core ${core.project} ${core.version}`;
  return [
    ...(fitting.length === 0 ? [] : [`Extensions that fit ${target}: ${named(fitting)}`]),
    ...(refused.length === 0 ? [] : [`Extensions that do not fit ${target}: ${named(refused)}`]),
  ];
}
