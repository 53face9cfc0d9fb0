import { mappingVersions } from '@dms/api-schema';
import { build } from '@dms/testing';
import { expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { compiled } from '../bench.ts';
import { schools } from '../schools.ts';

it.each(mappingVersions)(
  'a descriptor whose name another project also uses is renamed if no tracked changes contain the name: %s',
  (version) => {
    const set = (name: string) => {
      const made = schools();
      for (const to of ['core', 'extra'] as const)
        made.add(build.descriptor(to === 'core' ? name : 'SizeDescriptor'), to);
      return compiled(made.documents, 'pgsql', version);
    };
    const renames = [parseRename('Core:SizeDescriptor=Core:WidthDescriptor')];
    const plan = planUpgrade(set('SizeDescriptor'), set('WidthDescriptor'), { renames });
    const impossible = plan.items.filter((item) => item.class === 'impossible');
    expect(impossible).toMatchObject(
      version === 'v1'
        ? []
        : [
            {
              class: 'impossible',
              change: 'discriminator shared',
              owner: 'Core:WidthDescriptor',
              path: ['dms.Descriptor', 'Core:WidthDescriptor'],
              reason:
                'the tracked changes of deleted descriptors say SizeDescriptor only, which Extra:SizeDescriptor is called too',
            },
          ],
    );
    expect(plan.verdict).toBe(version === 'v1' ? 'checked' : 'impossible');
  },
);
