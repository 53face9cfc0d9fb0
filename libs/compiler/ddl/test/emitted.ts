import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  type EffectiveSchemaInfo,
  type EffectiveSchemaSet,
  loadApiSchemaFiles,
} from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { deriveModel } from '@dms/derivation';
import { deriveInventory, type Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { type MainGeneration, ownSchema, ownSchemas } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { emitDdl, mssqlFrame } from '../src/index.ts';

/** A schema set carried through to the script of one dialect. */
export interface Emitted {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly script: string;
  readonly catalog: Catalog;
}

function emitSet(set: EffectiveSchemaSet, dialect: SqlDialect, strict: boolean): Emitted {
  const { model } = deriveModel(set, dialect, { strict });
  const inventory = deriveInventory(model, { strict });
  const { script, catalog } = emitDdl(model, inventory);
  return { model, inventory, script, catalog };
}

/** Both dialects of a set, each derived at its first use. */
export class EmittedSet {
  readonly set: EffectiveSchemaSet;
  private readonly strict: boolean;
  private readonly done = new Map<SqlDialect, Emitted>();

  constructor(set: EffectiveSchemaSet, strict: boolean) {
    this.set = set;
    this.strict = strict;
  }

  in(dialect: SqlDialect): Emitted {
    const known = this.done.get(dialect);
    if (known) return known;
    const emitted = emitSet(this.set, dialect, this.strict);
    this.done.set(dialect, emitted);
    return emitted;
  }

  get pgsql(): Emitted {
    return this.in('pgsql');
  }

  get mssql(): Emitted {
    return this.in('mssql');
  }

  get scripts(): { dialect: SqlDialect; script: string }[] {
    return dialects.map((dialect) => ({ dialect, script: this.in(dialect).script }));
  }
}

/** Emits scripts of one generation. */
export interface Emitter {
  /** The set of ApiSchema files. */
  files(...files: readonly string[]): Promise<EmittedSet>;
  /** The set of all files of a folder. */
  folder(folder: string): Promise<EmittedSet>;
  /** The set of ApiSchema documents given as plain values. */
  documents(...documents: readonly object[]): EmittedSet;
  /** The schema set of this project's own fixtures: a core and an extension. */
  campusAndAthletics(): Promise<EmittedSet>;
}

/** Settings for the test sets of a generation. */
interface TestedGeneration {
  /** Whether schemas must be complete (design 15 §7.4). */
  readonly strict: boolean;
  /** The name of the core project; in the second generation, people belong to the core `Ed-Fi` (design 15a). */
  readonly coreProject: string;
}

const tested: Readonly<Record<MainGeneration, TestedGeneration>> = {
  v1: { strict: true, coreProject: 'Campus' },
  v2: { strict: false, coreProject: 'Ed-Fi' },
};

/** The emitter of a generation. */
export function emitterOf(mappingVersion: MainGeneration, strict = tested[mappingVersion].strict): Emitter {
  const emit = (documents: readonly ApiSchemaDocument[]) =>
    new EmittedSet(buildEffectiveSchema(documents, { mappingVersion }), strict);
  const files = async (...names: readonly string[]) => emit(await loadApiSchemaFiles(names.map((file) => ({ file }))));
  const documents = (...values: readonly object[]) =>
    emit(values.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })));
  const withCore = (text: string) => text.replaceAll('"Campus"', JSON.stringify(tested[mappingVersion].coreProject));
  return {
    files,
    folder: (folder) => files(...readdirSync(folder).map((name) => path.join(folder, name))),
    documents,
    campusAndAthletics: async () =>
      documents(...ownSchemas.map((name) => JSON.parse(withCore(JSON.stringify(ownSchema(name)))))),
  };
}

/** Emitters of both generations, for tests that run for both. The small schemas of tests need not be complete. */
export const emitters: Readonly<Record<MainGeneration, Emitter>> = { v1: emitterOf('v1'), v2: emitterOf('v2') };

export const {
  files: emitFiles,
  folder: emitFolder,
  documents: emitDocuments,
  campusAndAthletics: emitCampusAndAthletics,
} = emitters.v1;

/** The script of a model whose fingerprint is changed by hand. */
export function scriptWith({ model, inventory }: Emitted, change: Partial<EffectiveSchemaInfo>): string {
  return emitDdl({ ...model, effectiveSchema: { ...model.effectiveSchema, ...change } }, inventory).script;
}

/** A script split into its segments (design 06 §2.1); `model` is the schema-derived segment. */
export interface ScriptSegments {
  readonly preflight: string;
  readonly core: string;
  readonly model: string;
  readonly seed: string;
}

/** The core ends with its only trigger, segment C has no headers, and the seeds begin with a header. */
export function segmentsOf(dialect: SqlDialect, script: string): ScriptSegments {
  const core = script.indexOf(`-- ${'='.repeat(58)}\n-- Phase 1: Schemas`);
  const triggers = script.indexOf('-- Phase 8: Triggers', core);
  const lastLine = dialect === 'pgsql' ? '"TF_Document_Journal"();\n\n' : `END;\nGO\n${mssqlFrame.guard}\nGO\n\n`;
  const model = script.indexOf(lastLine, triggers) + lastLine.length;
  const seed = script.indexOf(`-- ${'='.repeat(58)}\n-- Phase 16: Seed Data`, model);
  return {
    preflight: script.slice(0, core),
    core: script.slice(core, model),
    model: script.slice(model, seed),
    seed: script.slice(seed),
  };
}
