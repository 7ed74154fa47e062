/** Samples of recurrence: tfjs's own layers with the same weights. */
import { type layers as Layers, layers as tfLayers } from '@tensorflow/tfjs-layers';
import * as fc from 'fast-check';
import type { Tensor } from '../../../src/ops/operator';
import type { recurrence } from '../../../src/ops/recurrent';
import { casesBy, oneOf, type Sample, small } from '../sample';

const GATES = { lstm: 4, gru: 3, simple: 1 } as const;
type Cell = keyof typeof GATES;

const FACTORIES = { lstm: tfLayers.lstm, gru: tfLayers.gru, simple: tfLayers.simpleRNN } as unknown as Record<Cell, (config: object) => Layers.Layer>;

export const recurrentSamples: Record<keyof typeof recurrence, Sample> = {
  recurrent: {
    cases: casesBy((draw) => {
      const cell = draw(oneOf<Cell>('lstm', 'gru', 'simple'));
      const [batch, time, features, units] = [draw(small), draw(small), draw(small), draw(small)];
      const wide = GATES[cell] * units;
      const bias = draw(fc.boolean()) ? [{ shape: [wide] }] : [];
      const states = draw(fc.boolean()) ? (cell === 'lstm' ? 2 : 1) : 0;
      const initial = draw(fc.boolean()) ? (cell === 'lstm' ? 2 : 1) : 0;
      const begun = Array.from({ length: initial }, () => ({ shape: [batch, units] }));
      const [activation, recurrentActivation] = [draw(oneOf('tanh', 'relu', 'linear', 'softplus')), draw(oneOf('hardSigmoid', 'sigmoid'))];
      return {
        inputs: [{ shape: [batch, time, features] }, { shape: [features, wide] }, { shape: [units, wide] }, ...bias, ...begun],
        attributes: { cell, sequences: draw(fc.boolean()), backwards: draw(fc.boolean()), states, initial, activation, recurrentActivation },
        runtime: 'tfjs',
      };
    }),
    reference: (tf, operands, attributes) => {
      const end = operands.length - Number(attributes.initial);
      const [inputs, begun] = [operands.slice(0, end), operands.slice(end)];
      const config = {
        units: inputs[2]?.shape[0],
        useBias: inputs.length > 3,
        activation: attributes.activation,
        recurrentActivation: attributes.recurrentActivation,
        returnSequences: attributes.sequences,
        returnState: attributes.states !== 0,
        goBackwards: attributes.backwards,
        recurrentInitializer: 'zeros',
      };
      const layer = FACTORIES[attributes.cell as Cell](config);
      const first = layer.apply(inputs[0] as Tensor) as Tensor | Tensor[];
      tf.dispose(first);
      layer.setWeights(inputs.slice(1));
      return layer.apply(begun.length > 0 ? [inputs[0] as Tensor, ...begun] : (inputs[0] as Tensor)) as Tensor | Tensor[];
    },
    macs: ([x = [], kernel = [], recurrent = []]) => (x[0] ?? 1) * (x[1] ?? 1) * (kernel[1] ?? 1) * ((kernel[0] ?? 1) + (recurrent[0] ?? 1)),
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [3, 4] }, { shape: [4, 4] }], attributes: { cell: 'simple' } },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [3, 4] }, { shape: [4, 4] }], attributes: { cell: 'simple' } },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [5, 8] }, { shape: [4, 8] }], attributes: { cell: 'lstm' } },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [5, 4] }, { shape: [4, 4] }, { shape: [2, 5] }], attributes: { cell: 'simple', initial: 1 } },
    ],
  },
};
