import { dialects } from '@dms/sql';
import { build, diagnosticOf } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { type Emitted, emitCampusAndAthletics, emitDocuments } from '../emitted.ts';
import { organizations, quote, widgets } from '../widgets.ts';

const { object, project, reference, resource, string } = build;

describe.each(dialects)('emission for %s', (dialect) => {
  let set: Emitted;

  beforeAll(() => {
    set = widgets().in(dialect);
  });

  it('case 17: a stamping trigger needs exactly one key column', () => {
    for (const keyColumns of [[], ['DocumentId', 'WidgetId']]) {
      const triggers = set.inventory.triggers.map((trigger) =>
        trigger.name === 'TR_Widget_Stamp' ? { ...trigger, keyColumns } : trigger,
      );
      const fault = diagnosticOf(() => emitDdl(set.model, { ...set.inventory, triggers }));
      expect(fault.code).toBe('DDL_STAMP_KEY');
      expect(fault.message).toContain('TR_Widget_Stamp');
      expect(fault.message).toContain(String(keyColumns.length));
    }
  });

  it('case 18: a referential identity needs elements, its alias too', () => {
    const { model, inventory } = organizations(dialect);
    const without = (change: 'own' | 'alias') =>
      inventory.triggers.map((trigger) => {
        if (trigger.kind !== 'ReferentialIdentityMaintenance' || trigger.resourceName !== 'School') return trigger;
        return change === 'own'
          ? { ...trigger, identityElements: [] }
          : { ...trigger, superclassAlias: { ...trigger.superclassAlias!, identityElements: [] } };
      });
    const own = diagnosticOf(() => emitDdl(model, { ...inventory, triggers: without('own') }));
    expect([own.code, own.message.includes('Ed-Fi:School')]).toEqual(['DDL_IDENTITY_EMPTY', true]);
    expect(diagnosticOf(() => emitDdl(model, { ...inventory, triggers: without('alias') })).code).toBe(
      'DDL_IDENTITY_EMPTY',
    );
  });

  it('case 19: a propagation trigger belongs to SQL Server, and needs referrers', () => {
    const trigger = {
      kind: 'IdentityPropagationFallback' as const,
      name: 'TR_Widget_PropagateIdentity',
      table: { schema: 'edfi', name: 'Widget' },
      keyColumns: ['DocumentId'],
      identityProjectionColumns: ['WidgetId'],
      referrerUpdates: [],
    };
    const fault = diagnosticOf(() =>
      emitDdl(set.model, { ...set.inventory, triggers: [...set.inventory.triggers, trigger] }),
    );
    expect(fault.code).toBe(dialect === 'pgsql' ? 'DDL_PROPAGATION_DIALECT' : 'DDL_PROPAGATION_EMPTY');
    expect(fault.message).toContain('TR_Widget_PropagateIdentity');
  });

  it('case 19a: a resource that references itself', () => {
    const self = emitDocuments(
      project(
        'Ed-Fi',
        [
          resource('Node', {
            allowIdentityUpdates: true,
            identityJsonPaths: ['$.nodeName'],
            documentPathsMapping: {
              Parent: reference('Ed-Fi:Node', [['$.nodeName', '$.parentReference.nodeName']], false),
            },
            jsonSchemaForInsert: object(
              { nodeName: string(), parentReference: object({ nodeName: string() }, ['nodeName']) },
              ['nodeName'],
            ),
          }),
        ],
        { endpoint: 'ed-fi' },
      ),
    ).in(dialect);
    const propagation = self.inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
    const q = (name: string) => quote(dialect, name);
    if (dialect === 'pgsql') {
      expect(propagation).toEqual([]);
      expect(self.script).toContain(
        `ADD CONSTRAINT "FK_Node_Parent_RefKey" FOREIGN KEY ("Parent_DocumentId", "Parent_NodeName")\n        REFERENCES "edfi"."Node" ("DocumentId", "NodeName")\n        ON DELETE NO ACTION ON UPDATE CASCADE;`,
      );
    } else {
      expect(propagation).toEqual([
        expect.objectContaining({
          name: 'TR_Node_PropagateIdentity',
          referrerUpdates: [expect.objectContaining({ referrerTable: { schema: 'edfi', name: 'Node' } })],
        }),
      ]);
      expect(self.script).toContain(
        `ADD CONSTRAINT ${q('FK_Node_Parent')} FOREIGN KEY (${q('Parent_DocumentId')})\nREFERENCES ${q('edfi')}.${q('Node')} (${q('DocumentId')})\nON DELETE NO ACTION ON UPDATE NO ACTION;`,
      );
      expect(self.script).not.toContain('FK_Node_Parent_RefKey');
    }
  });
});

describe('a trigger function of PostgreSQL', () => {
  it('has a name that is shortened once more (design 07 §8.1)', async () => {
    // 'TF_' and the full 63 bytes of the name in the inventory are shortened again with the hash of the 66 bytes; so
    // are the trigger names
    const { pgsql } = await emitCampusAndAthletics();
    const { createHash } = await import('node:crypto');
    const shortened = (full: string) => {
      if (full.length <= 63) return full;
      return `${full.slice(0, 52)}_${createHash('sha256').update(full).digest('hex').slice(0, 10)}`;
    };
    const triggers = pgsql.catalog.tables.flatMap((table) => table.triggers);
    const long = pgsql.inventory.triggers.filter(({ name }) => name.length > 60);
    expect(long.length).toBeGreaterThan(0);
    for (const { name, table } of long) {
      const routine = `${table.schema}.${shortened(`TF_${name}`)}`;
      const own = triggers.filter((trigger) => trigger.function === routine);
      const suffixes = { INSERT: '_Insert', UPDATE: '_Update', DELETE: '_Delete', TRUNCATE: '' };
      expect(own.length, name).toBeGreaterThan(1);
      for (const trigger of own) expect(trigger.name).toBe(shortened(name + suffixes[trigger.events[0]!]));
    }
  });

  it('is the example of the chapter for a name of the data standard', async () => {
    const { limitIdentifier, dialectRules } = await import('@dms/sql');
    const trigger = 'TR_SurveySectionResponseEducationOrganizationTargetA_f6512e6500';
    expect(limitIdentifier(dialectRules.pgsql, `TF_${trigger}`)).toBe(
      'TF_TR_SurveySectionResponseEducationOrganizationTarg_7609793e43',
    );
  });
});
