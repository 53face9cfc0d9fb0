import { counted, mostExamples, numberTable } from '@dms/diagnostics';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { ruleTexts } from './rule-texts.ts';
import type { ResourceCounts, TranslationReport } from './translation-report.ts';

const documentColumns = ['read', 'written', 'made', 'rejects'] as const;
const valueColumns = ['carried', 'dropped', 'rejected'] as const;

/** The accounting of a translation for people: by resource, by rule, and the lost values by place. */
export function reportLines(report: TranslationReport, { rules }: Pick<CompiledTranslation, 'rules'>): string[] {
  const { documents, values, resources, descriptorsMerged } = report;
  const cells = <Name extends string>(names: readonly Name[], own: Readonly<Record<Name, number>>) =>
    names.map((name) => String(own[name]));
  const isPlain = ({ read, written, made, rejects }: ResourceCounts) => read === written && made === 0 && rejects === 0;
  const told = [...resources].filter(([, own]) => !isPlain(own));
  const rest = [...resources.values()].filter(isPlain);
  const read = rest.reduce((sum, own) => sum + own.read, 0);
  const others = { read, written: read, made: 0, rejects: 0 };
  const rows = [
    ...told.map(([name, own]) => [name, ...cells(documentColumns, own)]),
    ...(rest.length === 0 ? [] : [[`${counted(rest.length, 'other resource')}`, ...cells(documentColumns, others)]]),
    ['total', ...cells(documentColumns, documents)],
  ];
  const lines = [...numberTable(['resource', ...documentColumns], rows)];
  const texts = ruleTexts(rules.translation);
  const named = (rule: string) => {
    const text = texts.get(rule);
    return text === undefined ? rule : `${rule} ${text}`;
  };
  lines.push(
    '',
    ...numberTable(
      ['values by rule', ...valueColumns],
      [
        ...[...report.rules].map(([rule, own]) => [named(rule), ...cells(valueColumns, own)]),
        ['total', ...cells(valueColumns, values)],
      ],
    ),
  );
  const places = [...report.places];
  if (places.length > 0) {
    const shown = places
      .slice(0, mostExamples)
      .map(([place, own]) => [place, String(own.dropped), String(own.rejected)]);
    lines.push('', ...numberTable(['values lost at', 'dropped', 'rejected'], shown));
    if (places.length > mostExamples)
      lines.push(`${counted(places.length - mostExamples, 'more place', 'more places')}; --json lists all of them.`);
  }
  if (descriptorsMerged.length > 0)
    lines.push(
      '',
      ...descriptorsMerged
        .slice(0, mostExamples)
        .map(({ resource, goes, stays }) => `${resource}: ${goes} is ${stays}`),
    );
  return lines;
}

/** The accounting for machines. */
export function reportValue(report: TranslationReport) {
  const { values, documents, resources, rules, places, filled, descriptorsMerged, notes } = report;
  const listed = <Name extends string, Value>(name: Name, map: ReadonlyMap<string, Value>) =>
    [...map].map(([key, value]) => ({ [name]: key, ...value }) as Readonly<Record<Name, string>> & Value);
  return {
    values,
    documents,
    resources: listed('resource', resources),
    rules: listed('rule', rules),
    filled: [...filled].map(([rule, count]) => ({ rule, values: count })),
    places: listed('place', places),
    descriptorsMerged,
    notes: notes.map(({ code, rules: [rule], place, text }) => ({ code, rule: rule ?? null, place, text })),
  };
}
