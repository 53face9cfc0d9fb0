import { readFileSync } from 'node:fs';
import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { breakingRelease } from '@dms/testing';
import { compileTranslation, setPlaces } from '@dms/translation';
import { type UpgradeTranslation, upgradeTranslation } from '../../src/index.ts';
import { type Compiled, compiled } from '../bench.ts';

/* Pairs of sets with a translation between them. */

export interface TranslatedSets {
  readonly before: Compiled;
  readonly after: Compiled;
  readonly translation: UpgradeTranslation;
}

// biome-ignore lint/suspicious/noExplicitAny: tests change it as they need
type EditedSchema = any;

const json = (file: string): EditedSchema => JSON.parse(readFileSync(file, 'utf8'));

/**
 * The translation for an upgrade between two sets, made from rules; with the requirements of the JSON schemas where
 * `seesSchemas` is set. Throws if the rules are not complete.
 */
export function translated(
  before: Compiled,
  after: Compiled,
  rules: Record<string, unknown>,
  seesSchemas = false,
): UpgradeTranslation {
  const places = ({ plans, schemas }: Compiled) => setPlaces(plans, seesSchemas ? schemas : null);
  const { translation, problems } = compileTranslation([rules], places(before), places(after));
  if (translation === null) throw new Error(JSON.stringify(problems));
  return upgradeTranslation(translation, before, after);
}

/** The breaking release in miniature, with its own translation unless another one is given. */
export function breakingSets(
  version: MappingVersion = 'v1',
  dialect: SqlDialect = 'pgsql',
  rules: Record<string, unknown> = json(breakingRelease.translation),
): TranslatedSets {
  const before = compiled(breakingRelease.before.map(json), dialect, version);
  const after = compiled(breakingRelease.after.map(json), dialect, version);
  return { before, after, translation: translated(before, after, rules) };
}

/**
 * The earlier release with an extension that adds nothing to resources of the core, and one in which the core has the
 * resources of the extension.
 */
export function joinedSets(version: MappingVersion = 'v1', dialect: SqlDialect = 'pgsql'): TranslatedSets {
  const [core, extension] = breakingRelease.before.map(json) as [EditedSchema, EditedSchema];
  const own = Object.entries<EditedSchema>(extension.projectSchema.resourceSchemas).filter(
    ([, { isResourceExtension }]) => !isResourceExtension,
  );
  extension.projectSchema.resourceSchemas = Object.fromEntries(own);
  const before = compiled([core, extension], dialect, version);
  const joined = JSON.parse(JSON.stringify(Object.fromEntries(own)).replaceAll('"Preparation"', '"Ed-Fi"'));
  const resourceSchemas = { ...core.projectSchema.resourceSchemas, ...joined };
  const after = compiled([{ ...core, projectSchema: { ...core.projectSchema, resourceSchemas } }], dialect, version);
  const rules = { moves: [{ before: 'Preparation', after: 'Ed-Fi' }] };
  return { before, after, translation: translated(before, after, rules) };
}
