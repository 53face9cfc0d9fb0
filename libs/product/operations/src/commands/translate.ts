import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { shippedTranslations } from '@dms/translation';
import {
  type Context,
  fileOperation,
  notSpecified,
  type OptionsOf,
  type PrintedOutcome,
  printedAsGiven,
  type ResultKind,
} from '../declaring/operation.ts';
import { flag, output, paths, text, usualFlag, writtenOption } from '../declaring/option.ts';
import { translatingNames, translationOptions } from '../declaring/shared-options.ts';
import { sameFolder, withoutResources } from '../sources/source.ts';
import { shippedTranslation } from '../sources/translations.ts';
import { inFolders, readTranslation, translateFiles } from '../translated-files/translate-files.ts';
import { printedTranslation } from '../translated-files/write-translated.ts';

const translateArguments = {
  paths: paths('[path...]', 'files or folders', { conflicts: ['list', 'print', 'check'] }),
};

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

/** One kind of work of `translate`. */
interface TranslateAction {
  /** The options that it needs. */
  readonly needs: readonly ('before' | 'output')[];
  readonly readsDocuments: boolean;
  readonly resultKind: ResultKind;
  run(options: TranslateCommandOptions, context: Context): Promise<PrintedOutcome>;
}

const actions = {
  list: {
    needs: [],
    readsDocuments: false,
    resultKind: 'answer',
    async run() {
      const translations = [...shippedTranslations.keys()];
      return { diagnostics: [], lines: () => [translations.join('\n')], value: () => ({ translations }) };
    },
  },
  print: {
    needs: [],
    readsDocuments: false,
    resultKind: 'data',
    async run({ print }) {
      const translation = shippedTranslation(mustExist(print, 'a name'));
      const lines = () => [JSON.stringify(translation, null, 2)];
      return { diagnostics: [], lines, value: () => ({ translation }) };
    },
  },
  check: {
    needs: ['before'],
    readsDocuments: false,
    resultKind: 'answer',
    async run(options, context) {
      const before = mustExist(options.before, 'a folder');
      const sources = { ...options, ...inFolders(before, options.after) };
      const { notes, before: earlier, after: later } = (await readTranslation(sources, context)).design;
      const hasRules = [options.translation, options.rename].some((given) => given !== undefined && given.length > 0);
      const models = [earlier, later].map(({ mappingSet }) => mappingSet.model);
      const same = hasRules ? [] : sameFolder(before, options.after ?? before);
      const failures = [...same, ...withoutResources(models, 'check')];
      const isComplete = failures.length === 0;
      const withNotes = notes.length === 0 ? '' : `, with ${counted(notes.length, 'note')}`;
      const lines = () => (isComplete ? [`The translation is complete${withNotes}.`] : []);
      return { diagnostics: notes, failures, lines, value: () => ({ isComplete }) };
    },
  },
  documents: {
    needs: ['before', 'output'],
    readsDocuments: true,
    resultKind: 'done',
    async run(options, context) {
      const folders = { before: mustExist(options.before, 'a folder'), output: mustExist(options.output, 'a folder') };
      const written = await translateFiles(options.paths ?? [], { ...options, ...folders }, context);
      return printedTranslation(written, { ...options, ...folders });
    },
  },
} as const satisfies Readonly<Record<string, TranslateAction>>;

/** The kind of work that the options ask for. Options of different kinds conflict. */
const askedIn = ({ list, print, check }: TranslateCommandOptions): keyof typeof actions =>
  list ? 'list' : print !== undefined ? 'print' : check ? 'check' : 'documents';

const actionOf = (options: TranslateCommandOptions): TranslateAction => actions[askedIn(options)];

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
  missing({ options }) {
    const { needs, readsDocuments } = actionOf(options);
    const lacksPaths = readsDocuments && (options.paths ?? []).length === 0;
    return [
      ...(lacksPaths ? ["missing required argument 'path'"] : []),
      ...needs
        .filter((name) => options[name] === undefined)
        .map((name) => notSpecified(writtenOption(name, translateOptions[name]))),
    ];
  },
  run: ({ options }, context) => actionOf(options).run(options, context),
  resultKind: ({ options }) => actionOf(options).resultKind,
  ...printedAsGiven,
});
