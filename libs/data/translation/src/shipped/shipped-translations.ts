import toDataStandard52 from '../../data/ed-fi-5.1-to-5.2.json' with { type: 'json' };
import toDataStandard61 from '../../data/ed-fi-5.2-to-6.1.json' with { type: 'json' };
import { type TranslationJson, versionFits } from '../file/read-translation.ts';

/** The translations that are shipped with the product, by name (design 20 §1). */
export const shippedTranslations: ReadonlyMap<string, TranslationJson> = new Map<string, TranslationJson>([
  ['ed-fi-5.1-to-5.2', toDataStandard52],
  ['ed-fi-5.2-to-6.1', toDataStandard61],
]);

type Versions = Readonly<Record<string, string>>;

/**
 * The names of the translations from one set to another, by the versions of their projects. The earlier set may lack
 * projects of the file.
 */
export function fittingTranslations(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const fit = (versions: Versions, projects: ReadonlyMap<string, string>, mayLack: boolean) => {
    const named = Object.entries(versions);
    const present = named.filter(([project]) => projects.has(project));
    return (
      present.length > 0 &&
      (mayLack || present.length === named.length) &&
      present.every(([project, asked]) => versionFits(asked, projects.get(project) ?? ''))
    );
  };
  return [...shippedTranslations].flatMap(([name, json]) =>
    fit(json.before as Versions, before, true) && fit(json.after as Versions, after, false) ? [name] : [],
  );
}
