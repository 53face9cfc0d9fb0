import { emitDdlStep } from '@dms/operations';
import { artifactExecutor } from '../mapping-set-task.ts';

export default artifactExecutor(emitDdlStep);
