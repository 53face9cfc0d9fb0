import { counted, type Diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { shippedTranslations } from '@dms/translation';
import { fileOperation, type Input, type Misuse, notSpecified, type OptionsOf } from '../declaring/operation.ts';
import { flag, flagOf, output, paths, text, usualFlag, writtenOption } from '../declaring/option.ts';
import { translatingNames, translationOptions } from '../declaring/shared-options.ts';
import { sameFolder, withoutResources } from '../sources/source.ts';
import { shippedTranslation } from '../sources/translations.ts';
import { inFolders, readTranslation, translateFiles } from '../translated-files/translate-files.ts';
import { type WrittenTranslation, writtenLines, writtenValue } from '../translated-files/write-translated.ts';

const translateArguments = { paths: paths('[path...]', 'files or folders') };

const translateOptions = {
  before: text('<dir>', 'artifacts of the schemas that the documents have', { group: 'source' }),
  after: text('<dir>', 'artifacts of the schemas that they will have (default: those of --before)', {
    group: 'source',
  }),
  ...translationOptions,
  check: flag('only check the translation: whether each place of the earlier schemas has a place or a rule', {
    conflicts: ['output', 'rejects', 'keepIds', 'list', 'print'],
  }),
  list: flag('only print the names of the translations that come with the product', {
    conflicts: ['print', ...translatingNames],
  }),
  print: text('<name>', 'only print a translation that comes with the product', { conflicts: translatingNames }),
  output: output('<dir>', 'folder for <project>/<endpoint>.jsonl; new or empty'),
  keepIds: flag('write records with the uuids of the documents, into documents.jsonl'),
  continue: flag('write the other documents if some are rejected'),
  rejects: output(
    '<file>',
    'file for the documents that are rejected, with the reasons; correct it, and translate reads it',
  ),
  ignoreUnknown: flag('leave out members and elements that the earlier schemas do not have'),
  allowEmpty: flag('succeed if the files hold no document'),
  schemaChecks: usualFlag(
    'check documents against the later model only, not against the JSON schemas of the resources',
  ),
};

type TranslateCommandOptions = OptionsOf<typeof translateOptions & typeof translateArguments>;

/** The action of a run. */
type TranslateAction = 'list' | 'print' | 'check' | 'documents';

const askedIn = ({ list, print, check }: TranslateCommandOptions): TranslateAction =>
  list ? 'list' : print !== undefined ? 'print' : check ? 'check' : 'documents';

/** The result of a run: a text, a check without problems, or documents. */
interface Translated {
  readonly diagnostics: readonly Diagnostic[];
  readonly failures?: readonly Diagnostic[];
  readonly text?: string;
  readonly written?: WrittenTranslation;
}

function checkTranslate({ options }: Input<TranslateCommandOptions>, misuse: Misuse): void {
  const { paths = [] } = options;
  const asked = askedIn(options);
  const [first] = paths;
  if (asked !== 'documents' && first !== undefined)
    misuse(`option '${flagOf(asked)}' reads no documents: '${first}'`, 'OPTION_CONFLICT');
}

/**
 * Translates the documents of one version of the standard into those of the next, as files (design 20 §6). Throws the
 * codes of `translateFiles`; problems of documents are in the result.
 */
export const translate = fileOperation({
  name: 'translate',
  group: 'documents',
  summary: 'turn documents into those of another version of the standard',
  description:
    'Reads all files that load reads, interchange XML too, and writes a folder that load reads. A translation says where everything lives ' +
    'in the later schemas; one comes with the product for each pair of versions that --list prints. Every document that is written is valid for the ' +
    'later schemas. The report counts each value: carried, dropped by a rule, or rejected. Without --after and --translation the documents stay as they are, ' +
    'so that XML becomes JSON lines. No database is needed.',
  examples: [
    'translate --check --before out-5.2 --after out-6.1 --translation ed-fi-5.2-to-6.1',
    'translate documents --before out-5.2 --after out-6.1 --translation ed-fi-5.2-to-6.1 --output later --continue --rejects rejects.jsonl',
    'translate Samples/*.xml --before out --output documents',
    'translate --list',
  ],
  worksOn: { source: 'none' },
  arguments: translateArguments,
  options: translateOptions,
  check: checkTranslate,
  missing({ options }) {
    const asked = askedIn(options);
    if (asked === 'list' || asked === 'print') return [];
    const needed = (['before', ...(asked === 'documents' ? (['output'] as const) : [])] as const)
      .filter((name) => options[name] === undefined)
      .map((name) => notSpecified(writtenOption(name, translateOptions[name])));
    const lacksPaths = asked === 'documents' && (options.paths ?? []).length === 0;
    return [...(lacksPaths ? ["missing required argument 'path'"] : []), ...needed];
  },
  async run({ options }, context): Promise<Translated> {
    const { print } = options;
    if (options.list) return { text: [...shippedTranslations.keys()].join('\n'), diagnostics: [] };
    if (print !== undefined) return { text: JSON.stringify(shippedTranslation(print), null, 2), diagnostics: [] };
    const before = mustExist(options.before, 'a folder');
    if (options.check) {
      const sources = { ...options, ...inFolders(before, options.after) };
      const { notes, before: earlier, after: later } = (await readTranslation(sources, context)).design;
      const hasRules = [options.translation, options.rename].some((given) => given !== undefined && given.length > 0);
      const models = [earlier, later].map(({ mappingSet }) => mappingSet.model);
      const same = hasRules ? [] : sameFolder(before, options.after ?? before);
      return { diagnostics: notes, failures: [...same, ...withoutResources(models, 'check')] };
    }
    const output = mustExist(options.output, 'a folder');
    const written = await translateFiles(options.paths ?? [], { ...options, before, output }, context);
    const { diagnostics, failures } = written;
    return { written, diagnostics, failures };
  },
  resultKind: ({ options }) => {
    const asked = askedIn(options);
    return asked === 'print' ? 'data' : asked === 'documents' ? 'done' : 'answer';
  },
  lines({ text: printed, written, diagnostics, failures = [] }, { options }) {
    if (printed !== undefined) return [printed];
    if (written !== undefined)
      return writtenLines(written, { ...options, output: mustExist(options.output, 'a folder') });
    if (failures.length > 0) return [];
    const notes = diagnostics.length;
    return [`The translation is complete${notes === 0 ? '' : `, with ${counted(notes, 'note')}`}.`];
  },
  value({ text: printed, written, failures = [] }, { options }) {
    if (options.list) return { translations: printed?.split('\n') };
    if (printed !== undefined) return { translation: JSON.parse(printed) };
    if (written === undefined) return { isComplete: failures.length === 0 };
    return writtenValue(written, { output: mustExist(options.output, 'a folder') });
  },
});
