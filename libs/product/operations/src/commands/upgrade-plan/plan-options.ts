import type { OptionsOf } from '../../declaring/operation.ts';
import { choice, output, related, usually } from '../../declaring/option.ts';
import { connectionNames } from '../../declaring/subject.ts';
import { rejectsOption, upgradeOptions } from '../upgrade-options.ts';

/** The options of a plan that can query a database; only a database has documents that a translation rejects. */
export const planOptions = {
  ...upgradeOptions,
  ...related({ rejects: rejectsOption }, { needs: [[...connectionNames, 'fleet']] }),
  output: output('<dir>', 'folder for the files; without it the plan is only printed'),
  format: usually(choice('<name>', 'how the plan is printed', ['text', 'markdown'], { group: 'output' }), 'text'),
};

export type PlanOptions = OptionsOf<typeof planOptions>;
