import { alternatives, type Diagnostic, diagnostic, fail, failIfAny, listOfNames, nearNames } from '@dms/diagnostics';
import { type DocumentDesign, type DocumentPlans, documentPlans } from '@dms/documents';
import { readInput } from '@dms/files';
import { compileMappingSet } from '@dms/plans';
import {
  type CompiledTranslation,
  compileTranslation,
  fittingTranslations,
  type Problem,
  placeName,
  placeNotation,
  type SetPlaces,
  setPlaces,
  shippedTranslations,
  type TranslationJson,
} from '@dms/translation';
import { type ComparedSet, parseRename, type UpgradeOptions, upgradeTranslation } from '@dms/upgrade';
import { sha256Hex } from '@dms/values';
import { configValue } from './config-file.ts';

/** The options that name a translation (design 20 §1). */
export interface TranslationOptions {
  /** Names of translations of the product, or files; several are combined. */
  readonly translation?: readonly string[] | undefined;
  /** Renames in the form of an option: `<before>=<after>`. */
  readonly rename?: readonly string[] | undefined;
  /** The first message if there are no files and the names alone do not carry all documents. */
  readonly unnamed?: string | undefined;
}

/** A translation that comes with the product. Throws `TRANSLATION_UNKNOWN`. */
export function shippedTranslation(name: string): TranslationJson {
  const names = [...shippedTranslations.keys()];
  const text = `There is no translation ${JSON.stringify(name)}${alternatives(name, names)}`;
  return shippedTranslations.get(name) ?? fail('TRANSLATION_UNKNOWN', text, {}, { name });
}

/** A complete translation between two schema sets. */
export interface TranslationDesign {
  readonly compiled: CompiledTranslation;
  readonly before: DocumentPlans;
  readonly after: DocumentPlans;
  readonly hasRules: boolean;
  /** Whether there are no rules and both sets are the same. */
  readonly isPlain: boolean;
  /** The SHA-256 of the files, in lower-case hex. */
  readonly hash: string;
  /** The notes of the check. */
  readonly notes: readonly Diagnostic[];
}

/** The names of both sets for an upgrade, with the notes of the check of the translation. */
interface UpgradeNames extends Pick<UpgradeOptions, 'renames' | 'translation'> {
  readonly notes: readonly Diagnostic[];
}

/** Returns the names for an upgrade of two sets, once the sets are known. */
export type NamesOfUpgrade = (before: ComparedSet, after: ComparedSet) => UpgradeNames;

/**
 * The translation or the renames of an upgrade or of a comparison (design 12 §11, 12a §6). Throws `INPUT_*`,
 * `UPGRADE_RENAME_INVALID`; the returned function throws the codes of `TRANSLATION_*` that refuse a file.
 */
export async function upgradeNames(options: TranslationOptions): Promise<NamesOfUpgrade> {
  if ((options.translation ?? []).length === 0) {
    const renames = (options.rename ?? []).map(parseRename);
    return () => ({ renames, notes: [] });
  }
  const files = await requestedFiles(options);
  return (before, after) => {
    const { translation, notes } = completeTranslation(
      files,
      setPlaces(plansOf(before), before.schemas),
      setPlaces(plansOf(after), after.schemas),
    );
    return { translation: upgradeTranslation(translation, before, after), notes };
  };
}

/** A file of a translation, or a substitute for one. */
interface TranslationFile {
  readonly name: string;
  readonly json: TranslationJson;
}

/** The files of a task, in order; renames come last. */
async function requestedFiles({ translation = [], rename = [] }: TranslationOptions): Promise<TranslationFile[]> {
  const files: TranslationFile[] = [];
  for (const name of translation) files.push(await translationFile(name));
  if (rename.length > 0) files.push({ name: '--rename', json: { moves: rename.map(renameMove) } });
  return files;
}

async function translationFile(name: string): Promise<TranslationFile> {
  const names = [...shippedTranslations.keys()];
  // a name similar to one of the product is not a file
  const isName = !/[./\\]/.test(name.replace(/\d\.\d/g, '')) && nearNames(name, names).length > 0;
  if (shippedTranslations.has(name) || isName) return { name, json: shippedTranslation(name) };
  const advice = () => 'check the path, or name a translation of the product, which dms-ddl translate --list prints';
  const read = configValue(await readInput(name, name, advice), name);
  const invalid = (message: string) => diagnostic('TRANSLATION_INVALID', message, { file: name });
  if ('diagnostics' in read) {
    failIfAny(read.diagnostics.map((each) => ({ ...each, code: 'TRANSLATION_INVALID' as const })));
    return { name, json: {} };
  }
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    failIfAny([invalid(`${name} is not an object with the members of a translation.`)]);
  return { name, json: value as TranslationJson };
}

/** Turns a rename of an option into a move. */
function renameMove(text: string): { readonly before: string; readonly after: string } {
  const [before = '', after = '', ...others] = text.split('=');
  if (others.length > 0 || placeName(before) === undefined || placeName(after) === undefined) {
    const message = `--rename ${JSON.stringify(text)} has another form than <before>=<after>, with ${placeNotation} on both sides.`;
    failIfAny([diagnostic('TRANSLATION_INVALID', message, {}, { rename: text })]);
  }
  return { before, after };
}

/** The translation of the files between two sets. Throws the codes of `TRANSLATION_*` that refuse a file. */
function completeTranslation(
  files: readonly TranslationFile[],
  before: SetPlaces,
  after: SetPlaces,
  unnamed?: string | undefined,
) {
  const { translation, problems, notes } = compileTranslation(
    files.map(({ json }) => json),
    before,
    after,
  );
  const found = problems.map((each) => diagnosticOf(each, files));
  if (unnamed !== undefined && files.length === 0 && found.length > 0) {
    const fitting = fittingTranslations(before.projects, after.projects);
    const hint = fitting.length === 0 ? '' : ` ${listOfNames(fitting)} is between these versions.`;
    found.unshift(diagnostic('TRANSLATION_INCOMPLETE', `${unnamed}${hint}`, {}, { fitting }));
  }
  failIfAny(found);
  if (translation === null) throw new Error('A translation without problems was not compiled.');
  return { translation, notes: notes.map((each) => diagnosticOf(each, files)) };
}

/** A problem found by the check of a translation, as a diagnostic for people. */
function diagnosticOf({ code, rules, place, text }: Problem, files: readonly TranslationFile[]): Diagnostic {
  const [, number] = /^(\d+):/.exec(rules[0] ?? '') ?? [];
  const file = files[number === undefined ? 0 : Number(number)];
  const names = rules.map((rule) => rule.replace(/^\d+:/, '')).join(' and ');
  const subject = [file?.name, names].filter((each) => each !== undefined && each !== '').join(' ');
  const said = [subject, place].filter((each) => each !== '').join(': ');
  const where =
    file === undefined || file.name.startsWith('--') || shippedTranslations.has(file.name) ? {} : { file: file.name };
  return diagnostic(code, `${said === '' ? '' : `${said}: `}${text}.`, where, { rules, place });
}

/** The document plans of a set. */
const plansOf = ({ model, inventory }: Pick<DocumentDesign, 'model' | 'inventory'>) =>
  documentPlans(compileMappingSet(model), inventory);

/**
 * Compiles the translation of a task; the designs have the JSON schemas of their resources. Throws `INPUT_*` and the
 * codes of `TRANSLATION_*` that refuse a file.
 */
export async function translationDesign(
  before: Pick<DocumentDesign, 'model' | 'inventory' | 'schemas'>,
  after: Pick<DocumentDesign, 'model' | 'inventory' | 'schemas'>,
  options: TranslationOptions,
): Promise<TranslationDesign> {
  const files = await requestedFiles(options);
  const earlier = plansOf(before);
  const later = before === after ? earlier : plansOf(after);
  const places = setPlaces(earlier, before.schemas);
  const laterPlaces = before === after ? places : setPlaces(later, after.schemas);
  const { translation, notes } = completeTranslation(files, places, laterPlaces, options.unnamed);
  return {
    compiled: translation,
    before: earlier,
    after: later,
    hasRules: files.length > 0,
    isPlain: files.length === 0 && before === after,
    hash: sha256Hex(JSON.stringify(files.map(({ json }) => json))),
    notes,
  };
}
