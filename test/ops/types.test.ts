/** Element types that differ between the runtimes. */
import { expect, it } from 'vitest';
import { constant, NO_FACTS } from '../../src/dim/index';
import type { Attributes, DType, Runtime } from '../../src/ops/operator';
import { type OperatorName, operator } from '../../src/ops/table';

function dtypeOf(name: OperatorName, runtime: Runtime, dtypes: readonly DType[], attributes: Attributes): string {
  const inputs = dtypes.map((dtype) => ({ shape: [constant(2), constant(3)], dtype }));
  const { outputs, problem } = operator(name).shape(inputs, attributes, { facts: NO_FACTS, runtime });
  return problem ? `${problem.code}` : (outputs[0]?.dtype ?? 'none');
}

it.each([
  ['exp', ['int32'], {}, 'float32', 'float32'],
  ['log', ['int32'], {}, 'dtype', 'float32'],
  ['floor', ['int32'], {}, 'dtype', 'int32'],
  ['asin', ['int32'], {}, 'int32', 'float32'],
  ['relu', ['int32'], {}, 'int32', 'int32'],
  ['logicalNot', ['float32'], {}, 'dtype', 'bool'],
  ['add', ['int32', 'float32'], {}, 'float32', 'float32'],
  ['add', ['bool', 'int32'], {}, 'int32', 'int32'],
  ['div', ['int32', 'int32'], {}, 'int32', 'float32'],
  ['floorDiv', ['float32', 'float32'], {}, 'int32', 'float32'],
  ['maximum', ['bool', 'bool'], {}, 'int32', 'bool'],
  ['less', ['float32', 'int32'], {}, 'bool', 'bool'],
  ['logicalAnd', ['float32', 'bool'], {}, 'dtype', 'bool'],
  ['sum', ['bool'], { axes: null }, 'int32', 'int64'],
  ['mean', ['int32'], { axes: null }, 'float32', 'dtype'],
  ['max', ['bool'], { axes: null }, 'bool', 'bool'],
  ['any', ['float32'], { axes: null }, 'dtype', 'bool'],
  ['argMax', ['float32'], { axis: 1 }, 'int32', 'int64'],
  ['cumsum', ['bool'], { axis: 1 }, 'int32', 'int64'],
  ['cumsum', ['float32'], { axis: -1 }, 'axis', 'float32'],
  ['concat', ['int32', 'float32'], { axis: 0 }, 'int32', 'float32'],
  ['stack', ['int32', 'float32'], { axis: 0 }, 'dtype', 'float32'],
  ['gather', ['float32', 'float32'], { axis: 0 }, 'dtype', 'dtype'],
  ['slice', ['float32'], { begin: [-1], size: [1] }, 'argument', 'float32'],
  ['transpose', ['float32'], { perm: [0, -1] }, 'permutation', 'float32'],
  ['transpose', ['float32'], { perm: [0, 0] }, 'permutation', 'permutation'],
  ['tile', ['float32'], { reps: [2] }, 'rank', 'float32'],
  ['broadcastTo', ['float32'], { shape: [-1, 3] }, 'argument', 'float32'],
] as const)('%s of %o with %o: %s in tfjs, %s in torch', (name, dtypes, attributes, tfjs, torch) => {
  expect([dtypeOf(name, 'tfjs', dtypes, attributes), dtypeOf(name, 'torch', dtypes, attributes)]).toEqual([tfjs, torch]);
});
