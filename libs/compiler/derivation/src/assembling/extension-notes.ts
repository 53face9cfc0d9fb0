import { counted, type Diagnostic, diagnostic, mostExamples } from '@dms/diagnostics';
import { pascalCase, usualSingular } from '@dms/model';
import { groupBy } from '@dms/values';
import type { DraftTable } from '../draft/draft-table.ts';
import type { DraftResource, FinishedDraft } from '../draft/model-draft.ts';
import { requiredInSchema } from '../input/required-in-schema.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import { defaultCollectionName } from '../naming/collection-name.ts';

/** The text of a note about one place in a schema. */
interface Surprise {
  readonly label: string;
  readonly path: string;
  readonly text: string;
}

type NoteCode = 'COLLECTION_NAME_ODD' | 'REFERENCE_REQUIRED_DIFFERS';

/**
 * What may surprise the author of an extension (design 03 §2.3, 15 §5), one note per project and code:
 * `COLLECTION_NAME_ODD`, `REFERENCE_REQUIRED_DIFFERS`. Nothing is noted of the core, which only its publisher can change.
 */
export function extensionNotes(draft: FinishedDraft): Diagnostic[] {
  const inputs = [
    ...[...draft.resources.values()].map((base) => ({ input: base.input, base })),
    ...draft.extensions,
  ].filter(({ input }) => input.entry.project.isExtensionProject);
  const byProject = groupBy(inputs, ({ input }) => input.entry.project.projectName);
  return [...byProject].flatMap(([project, own]) => [
    ...noteOf('COLLECTION_NAME_ODD', project, own.flatMap(oddNames), (count) => {
      const tables = counted(count, 'table');
      return `the rule that turns the name of a collection into the singular may have gone wrong for ${tables}`;
    }),
    ...noteOf(
      'REFERENCE_REQUIRED_DIFFERS',
      project,
      own.flatMap(({ input }) => differences(input)),
      (count) => {
        const form = counted(count, 'reference');
        return `isRequired in documentPathsMapping and "required" in jsonSchemaForInsert differ for ${form}; v1 follows isRequired, later generations the JSON schema`;
      },
    ),
  ]);
}

function noteOf(
  code: NoteCode,
  project: string,
  surprises: readonly Surprise[],
  sentence: (count: number) => string,
): Diagnostic[] {
  const [first] = surprises;
  if (!first) return [];
  const shown = surprises.slice(0, mostExamples).map(({ text }) => text);
  const more = surprises.length > mostExamples ? ', …' : '';
  const text = `${project}: ${sentence(surprises.length)}: ${shown.join(', ')}${more}.`;
  const places = surprises.map(({ label, path }) => ({ resource: label, path }));
  return [diagnostic(code, text, { resource: first.label, path: first.path }, { project, places })];
}

/** Collections that an extension names without an override, and whose singular is not the usual one. */
function oddNames({ input, base }: { readonly input: ResourceInput; readonly base: DraftResource }): Surprise[] {
  const chosen = new Set([...base.usedOverrides].map(({ path }) => path.canonical));
  return base.tables
    .filter(({ origin }) => origin.label === input.label)
    .flatMap((table) => {
      const array = arrayOf(table);
      if (array === undefined) return [];
      const usual = pascalCase(usualSingular(array));
      const path = table.scope.canonical;
      if (usual === defaultCollectionName(array) || chosen.has(path)) return [];
      // the keys of overrides of a resource extension start below its project
      const key = input.entry.isResourceExtension ? path.replace(/^\$\._ext\.[^.[]+/, '$') : path;
      const override = `"nameOverrides": { "${key}": "${usual}" }`;
      const text = `${path} of ${input.label} is ${table.qualified} (if that is wrong, add ${override} to its "relational")`;
      return [{ label: input.label, path, text }];
    });
}

/** The name of the array from which a table of a collection has its default name. */
function arrayOf({ scope, collectionNames }: DraftTable): string | undefined {
  const [property, items] = scope.segments.slice(-2);
  if (property?.kind !== 'property' || items?.kind !== 'anyElement') return undefined;
  return collectionNames.at(-1) === defaultCollectionName(property.name) ? property.name : undefined;
}

/** References that mapping and JSON schema require differently. */
function differences({ label, references, insertSchema }: ResourceInput): Surprise[] {
  return references.flatMap(({ isRequiredByMapping, referenceObjectPath }) => {
    const required = requiredInSchema(referenceObjectPath, insertSchema);
    if (typeof required === 'string' || required === isRequiredByMapping) return [];
    const path = referenceObjectPath.canonical;
    return [{ label, path, text: `${path} of ${label} (isRequired: ${isRequiredByMapping})` }];
  });
}
