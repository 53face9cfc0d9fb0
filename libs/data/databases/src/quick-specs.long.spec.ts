import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'drivers/connection.spec.ts',
  'failures/failure-kind.spec.ts',
  'gate/gate.spec.ts',
  'provisioning/generations.spec.ts',
  'provisioning/provision.spec.ts',
]);
